import { type JsonObject, readArray, readNumber, readObject, readPath, readString } from '../../core/json.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import type { WorkloadRef } from '../../core/resource-ref.ts';
import type { OwnerRef } from '../../core/views/object.ts';

/** The status fields that differ by kind. */
interface Counts {
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
}

/** Reads a raw workload; `revision` has to be found out elsewhere. */
export function workloadOf(ref: WorkloadRef, raw: JsonObject, revision: number | undefined): Workload {
  return {
    ref: {
      kind: ref.kind,
      namespace: ref.namespace,
      name: ref.name,
      uid: readString(raw, 'metadata', 'uid') ?? '',
    },
    generation: readNumber(raw, 'metadata', 'generation') ?? 0,
    observedGeneration: readNumber(raw, 'status', 'observedGeneration') ?? 0,
    ...(ref.kind === 'DaemonSet' ? daemonCounts(raw) : replicaCounts(raw)),
    paused: readPath(raw, 'spec', 'paused') === true,
    annotations: textsOf(raw, 'annotations'),
    labels: textsOf(raw, 'labels'),
    owner: ownerOf(raw),
    template: readObject(raw, 'spec', 'template'),
    revision,
  };
}

/** True once the controller has seen the newest specification. */
export function isObserved(raw: JsonObject): boolean {
  return readNumber(raw, 'status', 'observedGeneration') === readNumber(raw, 'metadata', 'generation');
}

function replicaCounts(raw: JsonObject): Counts {
  return {
    desired: readNumber(raw, 'spec', 'replicas') ?? 1,
    ready: readNumber(raw, 'status', 'readyReplicas') ?? 0,
    updated: readNumber(raw, 'status', 'updatedReplicas') ?? 0,
    available: readNumber(raw, 'status', 'availableReplicas') ?? 0,
  };
}

function daemonCounts(raw: JsonObject): Counts {
  return {
    desired: readNumber(raw, 'status', 'desiredNumberScheduled') ?? 0,
    ready: readNumber(raw, 'status', 'numberReady') ?? 0,
    updated: readNumber(raw, 'status', 'updatedNumberScheduled') ?? 0,
    available: readNumber(raw, 'status', 'numberAvailable') ?? 0,
  };
}

/** Labels or annotations. */
export function textsOf(raw: JsonObject, field: 'annotations' | 'labels'): Readonly<Record<string, string>> {
  const entries = Object.entries(readObject(raw, 'metadata', field));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** What controls it; owners that do not are left out. */
export function ownerOf(raw: JsonObject): OwnerRef | undefined {
  const owner = readArray(raw, 'metadata', 'ownerReferences').find((one) => readPath(one, 'controller') === true);
  const at = (field: string): string => readString(owner, field) ?? '';
  return owner === undefined ? undefined : { kind: at('kind'), name: at('name'), uid: at('uid') };
}
