import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, readArray, readNumber, readObject, readString } from '../../src/core/json.ts';
import { withDefaults } from './defaults.ts';
import { ApiFailure, alreadyExists, badRequest, type Cause, conflict, invalid, notFound } from './failure.ts';
import { initialStatus } from './initial-status.ts';
import { type Fields, type KubeObject, type Metadata, merged, specOf, timeText } from './objects.ts';
import { randomSuffix } from './random.ts';
import { validateResize } from './resize.ts';
import { apiVersionOf, namespaces, type Resource } from './resources.ts';
import type { Store } from './store.ts';
import { createStored, type Stored } from './stored.ts';
import { validate } from './validation.ts';

interface WriteOptions {
  /** Answers what would be and stores nothing. */
  readonly dryRun?: boolean;
  /** Writes the status only. */
  readonly status?: boolean;
  /** Changes the resources of a running pod. */
  readonly resize?: boolean;
}

/** Checked writes, as the API server does them for everybody. Throws `ApiFailure`. */
export interface Writes {
  create(resource: Resource, fields: Fields, options?: WriteOptions): Stored;
  /** Puts `fields` in place of the object; a stale resourceVersion in them is a conflict. Answers the old one where nothing changes. */
  replace(stored: Stored, fields: Fields, options?: WriteOptions): Stored;
}

/** `agedMs`: how long before its creation an object is dated. */
export function createWrites(store: Store, agedMs: number): Writes {
  function commit(resource: Resource, object: KubeObject, dryRun: boolean): Stored {
    return dryRun ? createStored(resource, object, store.version()) : store.put(resource, object);
  }
  return {
    create(resource, fields, { dryRun = false } = {}) {
      const object = newObject(resource, fields, timeText(Date.now() - agedMs));
      checkNamespace(store, resource, object.metadata);
      if (store.get(resource, object.metadata.namespace, object.metadata.name) !== undefined) {
        throw alreadyExists(resource, object.metadata.name);
      }
      refuse(resource, object, validate(resource, object));
      return commit(resource, object, dryRun);
    },
    replace(stored, fields, options = {}) {
      const { resource, object: before } = stored;
      checkPreconditions(stored, readObject(fields, 'metadata'));
      const { dryRun = false, status = false } = options;
      const object = status ? withNewStatus(before, fields) : withNewSpec(resource, before, fields);
      if (isDeepStrictEqual(object, before)) return stored;
      refuse(resource, object, causesAgainst({ object, before }, resource, options));
      if (!dryRun && isFinished(object)) return store.remove(stored);
      return commit(resource, object, dryRun);
    },
  };
}

/** Marked for removal, and nobody holds it any more. What is in a namespace holds it. */
function isFinished({ kind, metadata }: KubeObject): boolean {
  if (kind === 'Namespace') return false;
  const isRunning = (readNumber(metadata, 'deletionGracePeriodSeconds') ?? 0) > 0;
  const isHeld = readArray(metadata, 'finalizers').length > 0 || isRunning;
  return metadata.deletionTimestamp !== undefined && !isHeld;
}

interface Replacement {
  readonly object: KubeObject;
  readonly before: KubeObject;
}

/** A status is taken as it is. */
function causesAgainst(
  { object, before }: Replacement,
  resource: Resource,
  { status, resize }: WriteOptions,
): readonly Cause[] {
  if (resize === true) return validateResize(object, before);
  return status === true ? [] : validate(resource, object, before);
}

function refuse(resource: Resource, object: KubeObject, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
}

function newObject(resource: Resource, fields: Fields, creationTimestamp: string): KubeObject {
  const given = readObject(fields, 'metadata');
  const prefix = readString(given, 'generateName');
  const name = readString(given, 'name') ?? (prefix === undefined ? undefined : `${prefix}${randomSuffix()}`);
  if (name === undefined) {
    throw invalid(resource, '', [
      {
        reason: 'FieldValueRequired',
        message: 'Required value: name or generateName is required',
        field: 'metadata.name',
      },
    ]);
  }
  if (readString(given, 'resourceVersion') !== undefined && given['resourceVersion'] !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const metadata: Metadata = {
    ...merged(given, {
      resourceVersion: '',
      deletionTimestamp: undefined,
      selfLink: undefined,
    }),
    name,
    uid: randomUUID(),
    resourceVersion: '',
    creationTimestamp,
    ...(resource.hasGeneration ? { generation: 1 } : {}),
    ...(resource.kind === 'Namespace' ? { labels: { ...labels(given), 'kubernetes.io/metadata.name': name } } : {}),
  };
  const object = { ...withDefaults(resource, withoutStatus(resource, fields)), ...identity(resource), metadata };
  const status = initialStatus(resource, object);
  return status === undefined ? object : { ...object, status };
}

function labels(metadata: Fields): Fields {
  return readObject(metadata, 'labels');
}

function withoutStatus(resource: Resource, fields: Fields): Fields {
  return resource.hasStatus ? merged(fields, { status: undefined }) : fields;
}

function identity(resource: Resource): { readonly kind: string; readonly apiVersion: string } {
  return { kind: resource.kind, apiVersion: apiVersionOf(resource) };
}

function checkNamespace(store: Store, resource: Resource, { namespace, name }: Metadata): void {
  if (!resource.namespaced || namespace === undefined) return;
  const found = store.get(namespaces, undefined, namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.object.metadata.deletionTimestamp === undefined) return;
  throw new ApiFailure({
    code: 403,
    reason: 'Forbidden',
    message: `${resource.plural} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    details: {
      name,
      kind: resource.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}

function checkPreconditions({ resource, object }: Stored, given: Fields): void {
  const { name, uid, resourceVersion } = object.metadata;
  const version = given['resourceVersion'];
  if (typeof given['uid'] === 'string' && given['uid'] !== '' && given['uid'] !== uid) {
    const reason = `Precondition failed: UID in precondition: ${given['uid']}, UID in object meta: ${uid}`;
    throw conflict(resource, name, reason);
  }
  if (typeof version === 'string' && version !== '' && version !== resourceVersion) throw conflict(resource, name);
}

function withNewStatus(before: KubeObject, fields: Fields): KubeObject {
  const given = readObject(fields, 'metadata');
  const annotations = given['annotations'] ?? before.metadata.annotations;
  return { ...before, metadata: merged(before.metadata, { annotations }), status: readObject(fields, 'status') };
}

function withNewSpec(resource: Resource, before: KubeObject, fields: Fields): KubeObject {
  const kept = before.metadata;
  const metadata: Metadata = {
    ...merged(readObject(fields, 'metadata'), {
      deletionTimestamp: kept.deletionTimestamp,
      deletionGracePeriodSeconds: kept['deletionGracePeriodSeconds'],
      generation: kept.generation,
      namespace: kept.namespace,
    }),
    name: kept.name,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    creationTimestamp: kept.creationTimestamp,
  };
  const status = before['status'];
  const changed = withDefaults(resource, withoutStatus(resource, fields));
  const object = { ...changed, ...identity(resource), metadata };
  const whole = resource.hasStatus && isJsonObject(status) ? { ...object, status } : object;
  return withGeneration(resource, before, whole);
}

function withGeneration(resource: Resource, before: KubeObject, object: KubeObject): KubeObject {
  if (!resource.hasGeneration) return object;
  const sameSpec = isDeepStrictEqual(specOf(object), specOf(before));
  // The API server counts changes of a Deployment's annotations too.
  const sameNotes =
    resource.kind !== 'Deployment' ||
    isDeepStrictEqual(object.metadata.annotations ?? {}, before.metadata.annotations ?? {});
  if (sameSpec && sameNotes) return object;
  return { ...object, metadata: { ...object.metadata, generation: (before.metadata.generation ?? 0) + 1 } };
}
