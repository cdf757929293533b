import { readArray, readNumber, readString } from '../../src/core/json.ts';
import { conflict } from './failure.ts';
import { type Fields, merged, ownersOf, specOf, timeText, withMetadata, withStatus } from './objects.ts';
import { isDryRun } from './request.ts';
import type { Store } from './store.ts';
import type { Stored } from './stored.ts';

/** `DeleteOptions`, from the body and the query. */
export interface RemoveOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly dryRun?: boolean;
}

/** From `DeleteOptions`. */
export function removalOptions(body: Fields): RemoveOptions {
  return {
    gracePeriodSeconds: readNumber(body, 'gracePeriodSeconds'),
    propagationPolicy: readString(body, 'propagationPolicy'),
    uid: readString(body, 'preconditions', 'uid'),
    resourceVersion: readString(body, 'preconditions', 'resourceVersion'),
    dryRun: readArray(body, 'dryRun').includes('All'),
  };
}

/** As a request without a body says it; where there is one, the API server does not look here. */
export function removalOptionsOfQuery(query: URLSearchParams): RemoveOptions {
  const grace = query.get('gracePeriodSeconds');
  return {
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    dryRun: isDryRun(query),
  };
}

export interface Removal {
  readonly stored: Stored;
  /** False while somebody still holds it: a kubelet, a finalizer, the children. */
  readonly gone: boolean;
}

/** Removes the object or marks it for removal. Children go by `collectGarbage`. */
export function removeObject(store: Store, stored: Stored, options: RemoveOptions = {}): Removal {
  checkPreconditions(stored, options);
  const grace = stored.resource.kind === 'Pod' ? graceOf(stored, options) : 0;
  const finalizers = finalizersFor(stored, options);
  if (options.dryRun === true) return { stored, gone: grace === 0 && finalizers.length === 0 };
  if (options.propagationPolicy === 'Orphan') orphanChildren(store, stored);
  if (grace === 0 && finalizers.length === 0) return { stored: store.remove(stored), gone: true };
  return { stored: mark(store, stored, { grace, finalizers }), gone: false };
}

function checkPreconditions({ resource, object }: Stored, { uid, resourceVersion }: RemoveOptions): void {
  const { metadata } = object;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource,
      metadata.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  }
}

/** Seconds; a pod that no node has goes at once. */
function graceOf({ object }: Stored, { gracePeriodSeconds }: RemoveOptions): number {
  const spec = specOf(object);
  if (typeof spec['nodeName'] !== 'string') return 0;
  const given = gracePeriodSeconds ?? spec['terminationGracePeriodSeconds'];
  return typeof given === 'number' ? given : 30;
}

function finalizersFor({ resource, object }: Stored, { propagationPolicy }: RemoveOptions): readonly unknown[] {
  const present = readArray(object, 'metadata', 'finalizers');
  if (resource.kind === 'Namespace') return ['kubernetes'];
  if (propagationPolicy !== 'Foreground') return present;
  return [...new Set([...present, 'foregroundDeletion'])];
}

function mark(
  store: Store,
  stored: Stored,
  { grace, finalizers }: { readonly grace: number; readonly finalizers: readonly unknown[] },
): Stored {
  const { resource, object } = stored;
  if (object.metadata.deletionTimestamp !== undefined) return stored;
  const marked = withMetadata(object, {
    deletionTimestamp: timeText(Date.now() + grace * 1000),
    deletionGracePeriodSeconds: resource.kind === 'Pod' ? grace : undefined,
    ...(finalizers.length === 0 || resource.kind === 'Namespace' ? {} : { finalizers }),
    ...(object.metadata.generation === undefined ? {} : { generation: object.metadata.generation + 1 }),
  });
  const isNamespace = resource.kind === 'Namespace';
  return store.put(resource, isNamespace ? withStatus(marked, { phase: 'Terminating' }) : marked);
}

function orphanChildren(store: Store, { object }: Stored): void {
  for (const child of store.ownedBy(object.metadata.uid)) {
    const owners = ownersOf(child.object).filter(({ uid }) => uid !== object.metadata.uid);
    store.put(
      child.resource,
      withMetadata(child.object, { ownerReferences: owners.length === 0 ? undefined : owners }),
    );
  }
}

/** What is answered for an object that is gone; some kinds answer the object itself. */
export function removalText({ stored, gone }: Removal): string {
  const { resource, object } = stored;
  const answersObject = ['Pod', 'Service', 'ServiceAccount', 'PersistentVolumeClaim'].includes(resource.kind);
  if (!gone || answersObject) return stored.text();
  const details: Fields = {
    name: readString(object, 'metadata', 'name') ?? '',
    group: resource.group === '' ? undefined : resource.group,
    kind: resource.plural,
    uid: object.metadata.uid,
  };
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: merged(details, {}),
  });
}
