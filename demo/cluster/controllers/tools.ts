import { readArray, readString } from '../../../src/core/json.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { ApiFailure } from '../failure.ts';
import { controlledBy, controllerOf, type Fields, fieldsIn, type KubeObject, specOf, statusOf } from '../objects.ts';
import { randomSuffix } from '../random.ts';
import { removeObject } from '../removals.ts';
import { pods, type Resource } from '../resources.ts';
import type { Change, Store } from '../store.ts';
import type { Stored } from '../stored.ts';
import type { Timers } from '../timers.ts';
import type { Writes } from '../writes.ts';

export interface ControllerTools {
  readonly store: Store;
  readonly writes: Writes;
  readonly timers: Timers;
  readonly record: EventRecorder;
}

/** How long after a change a controller looks. */
const reactionMs = 5;

/** Brings things in order; may answer after how many milliseconds to look again though nothing has changed. */
type Reconcile = (stored: Stored) => number | undefined;

/**
 * Calls `reconcile` for an object of `resource` after it or something that it controls has changed. Conflicts are tried again; what
 * the API refuses is left for the next change. Answers what makes it look at one of them.
 */
export function startController(
  tools: ControllerTools,
  resource: Resource,
  reconcile: Reconcile,
): (namespace: string | undefined, name: string) => void {
  const { store, timers } = tools;
  const due = new Set<string>();

  function enqueue(namespace: string | undefined, name: string): void {
    const key = `${namespace ?? ''}/${name}`;
    if (due.has(key)) return;
    due.add(key);
    timers.after(reactionMs, () => {
      due.delete(key);
      const stored = store.get(resource, namespace, name);
      if (stored !== undefined && stored.object.metadata.deletionTimestamp === undefined) attempt(stored);
    });
  }

  function attempt(stored: Stored): void {
    const { namespace, name } = stored.object.metadata;
    try {
      const againMs = reconcile(stored);
      if (againMs !== undefined) timers.after(againMs, () => enqueue(namespace, name));
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.body.code === 409) enqueue(namespace, name);
    }
  }

  store.onChange((change: Change) => {
    const { metadata } = change.stored.object;
    if (change.resource === resource) enqueue(metadata.namespace, metadata.name);
    const owner = controllerOf(change.stored.object);
    if (owner?.kind === resource.kind) enqueue(metadata.namespace, owner.name);
  });
  return enqueue;
}

/** The objects of `resource` that `owner` controls. */
export function childrenOf(store: Store, owner: KubeObject, resource: Resource): readonly Stored[] {
  return store.ownedBy(owner.metadata.uid).filter((child) => child.resource === resource);
}

/** Pods that count: not on their way out, not finished. */
export function activePods(store: Store, owner: KubeObject): readonly Stored[] {
  return childrenOf(store, owner, pods).filter(({ object }) => {
    const phase = readString(object, 'status', 'phase');
    return object.metadata.deletionTimestamp === undefined && phase !== 'Failed' && phase !== 'Succeeded';
  });
}

export function isReady(pod: KubeObject): boolean {
  return fieldsIn(readArray(pod, 'status', 'conditions')).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
}

export interface NewPod {
  readonly owner: KubeObject;
  readonly template: Fields;
  /** Default: the owner's name with a random end. */
  readonly name?: string;
  readonly labels?: Fields;
  readonly spec?: Fields;
}

export function createPod(tools: ControllerTools, { owner, template, name, labels, spec }: NewPod): Stored {
  const metadata = template['metadata'];
  const given = typeof metadata === 'object' && metadata !== null ? Object.fromEntries(Object.entries(metadata)) : {};
  const own = name ?? `${owner.metadata.name}-${randomSuffix()}`;
  const created = tools.writes.create(pods, {
    metadata: {
      ...given,
      name: own,
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : {}),
      namespace: owner.metadata.namespace,
      labels: { ...asFields(given['labels']), ...labels },
      ownerReferences: [controlledBy(owner)],
    },
    spec: { ...asFields(template['spec']), ...spec },
  });
  const by = `${owner.kind.toLowerCase()}-controller`;
  tools.record({ about: owner, reason: 'SuccessfulCreate', note: `Created pod: ${own}`, type: 'Normal', by });
  return created;
}

export function deletePod(tools: ControllerTools, owner: KubeObject, pod: Stored): void {
  removeObject(tools.store, pod);
  const by = `${owner.kind.toLowerCase()}-controller`;
  const note = `Deleted pod: ${pod.object.metadata.name}`;
  tools.record({ about: owner, reason: 'SuccessfulDelete', note, type: 'Normal', by });
}

/** Writes a status where it says something new. */
export function writeStatus({ writes }: ControllerTools, stored: Stored, status: Fields): Stored {
  return writes.replace(stored, { ...stored.object, status }, { status: true });
}

function asFields(value: unknown): Fields {
  return fieldsIn([value])[0] ?? {};
}

/** Go leaves out counts that are zero. */
export function withoutZeros(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0 && value !== undefined));
}

/** A number of pods, or a percentage of `total`. */
export function scaled(value: unknown, total: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(typeof value === 'string' ? value : '')?.[1];
  return percent === undefined ? 0 : round((Number(percent) / 100) * total);
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The conditions of `object` with one put in; its times follow what changed. */
export function withCondition(object: KubeObject, now: string, condition: Condition): readonly Fields[] {
  const present = fieldsIn(readArray(statusOf(object), 'conditions'));
  const known = present.find(({ type }) => type === condition.type);
  const isSame = known?.['status'] === condition.status && known['reason'] === condition.reason;
  if (known !== undefined && isSame) return present;
  const transition = known?.['status'] === condition.status ? known['lastTransitionTime'] : now;
  const { type, status, reason, message } = condition;
  const made = { type, status, lastUpdateTime: now, lastTransitionTime: transition, reason, message };
  return [...present.filter((one) => one['type'] !== type), made];
}

export function replicasOf(object: KubeObject): number {
  const replicas = specOf(object)['replicas'];
  return typeof replicas === 'number' ? replicas : 1;
}

export function countOf(object: KubeObject, field: string): number {
  const value = statusOf(object)[field];
  return typeof value === 'number' ? value : 0;
}
