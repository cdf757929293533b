import { readArray, readObject } from '../../../src/core/json.ts';
import { type KubeObject, statusOf } from '../objects.ts';
import { replicaSets } from '../resources.ts';
import type { Stored } from '../stored.ts';
import {
  activePods,
  type ControllerTools,
  createPod,
  deletePod,
  isReady,
  replicasOf,
  startController,
  withoutZeros,
  writeStatus,
} from './tools.ts';

/** Keeps as many pods as each ReplicaSet wants. */
export function startReplicaSetController(tools: ControllerTools): void {
  startController(tools, replicaSets, (stored) => {
    const { object } = stored;
    const wanted = replicasOf(object);
    const present = activePods(tools.store, object);
    for (let count = present.length; count < wanted; count += 1) {
      createPod(tools, { owner: object, template: readObject(object, 'spec', 'template') });
    }
    for (const pod of [...present].sort(leastUsefulFirst).slice(0, Math.max(0, present.length - wanted))) {
      deletePod(tools, object, pod);
    }
    const fresh = tools.store.get(replicaSets, object.metadata.namespace, object.metadata.name);
    if (fresh !== undefined) writeStatus(tools, fresh, statusOfReplicaSet(tools, fresh.object));
    return undefined;
  });
}

function statusOfReplicaSet(
  { store }: ControllerTools,
  object: KubeObject,
): object & Readonly<Record<string, unknown>> {
  const present = activePods(store, object);
  const ready = present.filter((pod) => isReady(pod.object)).length;
  // Nothing is ever refused here: a ReplicaFailure is a test's.
  const conditions = readArray(statusOf(object), 'conditions');
  return {
    replicas: present.length,
    ...(conditions.length === 0 ? {} : { conditions }),
    ...withoutZeros({
      fullyLabeledReplicas: present.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: object.metadata.generation,
    }),
  };
}

function leastUsefulFirst(left: Stored, right: Stored): number {
  const byReady = Number(isReady(left.object)) - Number(isReady(right.object));
  if (byReady !== 0) return byReady;
  return left.object.metadata.creationTimestamp < right.object.metadata.creationTimestamp ? 1 : -1;
}
