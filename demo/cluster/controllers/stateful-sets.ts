import { readNumber, readObject, readString } from '../../../src/core/json.ts';
import { type Fields, type KubeObject, specOf } from '../objects.ts';
import { pods, statefulSets } from '../resources.ts';
import type { Stored } from '../stored.ts';
import { currentRevision, forgetRevisions, podHash, podHashLabel } from './revisions.ts';
import {
  type ControllerTools,
  childrenOf,
  createPod,
  deletePod,
  isReady,
  replicasOf,
  startController,
  withoutZeros,
  writeStatus,
} from './tools.ts';

/** Keeps numbered pods, one after the other, and renews them from the last to the first. */
export function startStatefulSetController(tools: ControllerTools): void {
  startController(tools, statefulSets, (stored) => {
    const { object } = stored;
    const update = currentRevision(tools, object).object.metadata.name;
    const current = readString(object, 'status', 'currentRevision') ?? update;
    step(tools, object, { update, current });
    const status = statusOfStatefulSet(tools, object, { update, current });
    writeStatus(tools, stored, status);
    forgetRevisions(tools, object, [update, current]);
    return undefined;
  });
}

interface Revisions {
  readonly update: string;
  readonly current: string;
}

/** One step: a pod that is missing, one that is too much, or the next to renew. A pod that is not ready holds up all others. */
function step(tools: ControllerTools, owner: KubeObject, { update }: Revisions): void {
  const present = podsOf(tools, owner);
  const wanted = replicasOf(owner);
  const isOrdered = specOf(owner)['podManagementPolicy'] !== 'Parallel';
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = present.get(ordinal);
    if (pod === undefined) create(tools, owner, { ordinal, hash: update });
    const isSettled = pod !== undefined && isReady(pod.object) && pod.object.metadata.deletionTimestamp === undefined;
    if (isOrdered && !isSettled) return;
  }
  const surplus = [...present].filter(([ordinal]) => ordinal >= wanted).sort(([left], [right]) => right - left);
  const [last] = surplus;
  if (last !== undefined) {
    if (last[1].object.metadata.deletionTimestamp === undefined) deletePod(tools, owner, last[1]);
    return;
  }
  renew(tools, owner, { present, update });
}

function renew(
  tools: ControllerTools,
  owner: KubeObject,
  { present, update }: { readonly present: ReadonlyMap<number, Stored>; readonly update: string },
): void {
  const strategy = readObject(owner, 'spec', 'updateStrategy');
  if (strategy['type'] === 'OnDelete') return;
  const partition = readNumber(strategy, 'rollingUpdate', 'partition') ?? 0;
  for (let ordinal = replicasOf(owner) - 1; ordinal >= partition; ordinal -= 1) {
    const pod = present.get(ordinal);
    if (pod === undefined || pod.object.metadata.deletionTimestamp !== undefined) return;
    if (podHash(pod) !== update) {
      deletePod(tools, owner, pod);
      return;
    }
    if (!isReady(pod.object)) return;
  }
}

function podsOf({ store }: ControllerTools, owner: KubeObject): ReadonlyMap<number, Stored> {
  const found = childrenOf(store, owner, pods);
  return new Map(found.map((pod) => [Number(pod.object.metadata.name.split('-').at(-1)), pod]));
}

function create(
  tools: ControllerTools,
  owner: KubeObject,
  { ordinal, hash }: { readonly ordinal: number; readonly hash: string },
): void {
  const name = `${owner.metadata.name}-${ordinal}`;
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    [podHashLabel]: hash,
    'statefulset.kubernetes.io/pod-name': name,
  };
  const spec = { hostname: name, subdomain: specOf(owner)['serviceName'] };
  createPod(tools, { owner, template: readObject(owner, 'spec', 'template'), name, labels, spec });
}

function statusOfStatefulSet(tools: ControllerTools, owner: KubeObject, { update, current }: Revisions): Fields {
  const present = [...podsOf(tools, owner).values()];
  const alive = present.filter(({ object }) => object.metadata.deletionTimestamp === undefined);
  const updated = alive.filter((pod) => podHash(pod) === update);
  const ready = alive.filter(({ object }) => isReady(object)).length;
  const isDone = updated.length === replicasOf(owner) && updated.every(({ object }) => isReady(object));
  const before = isDone ? update : current;
  return {
    ...withoutZeros({
      observedGeneration: owner.metadata.generation,
      readyReplicas: ready,
      currentReplicas: alive.filter((pod) => podHash(pod) === before).length,
      updatedReplicas: updated.length,
    }),
    replicas: present.length,
    currentRevision: before,
    updateRevision: update,
    collisionCount: 0,
    availableReplicas: ready,
  };
}
