import { readObject, readPath, readString } from '../../../src/core/json.ts';
import { type Fields, type KubeObject } from '../objects.ts';
import { daemonSets, nodes, pods } from '../resources.ts';
import type { Stored } from '../stored.ts';
import { currentRevision, forgetRevisions, hashOf, podHash, podHashLabel } from './revisions.ts';
import {
  type ControllerTools,
  childrenOf,
  createPod,
  deletePod,
  isReady,
  scaled,
  startController,
  withoutZeros,
  writeStatus,
} from './tools.ts';

/** Keeps one pod on each node and renews them a few at a time. */
export function startDaemonSetController(tools: ControllerTools): void {
  startController(tools, daemonSets, (stored) => {
    const { object } = stored;
    const revision = currentRevision(tools, object);
    const hash = hashOf(object, revision);
    place(tools, object, hash);
    renew(tools, object, hash);
    writeStatus(tools, stored, statusOfDaemonSet(tools, object, hash));
    forgetRevisions(tools, object, [revision.object.metadata.name]);
    return undefined;
  });
}

function place(tools: ControllerTools, owner: KubeObject, hash: string): void {
  const taken = childrenOf(tools.store, owner, pods).map(({ object }) => readString(object, 'spec', 'nodeName'));
  for (const name of nodeNames(tools, owner)) {
    if (taken.includes(name)) continue;
    const template = readObject(owner, 'spec', 'template');
    const labels = { [podHashLabel]: hash, 'pod-template-generation': String(owner.metadata.generation ?? 1) };
    createPod(tools, { owner, template, labels, spec: { nodeName: name } });
  }
}

function nodeNames({ store }: ControllerTools, owner: KubeObject): readonly string[] {
  const selector = Object.entries(readObject(owner, 'spec', 'template', 'spec', 'nodeSelector'));
  return store
    .list(nodes)
    .filter(({ object }) => selector.every(([key, value]) => object.metadata.labels?.[key] === value))
    .map(({ object }) => object.metadata.name);
}

/** Old pods that do not work go at once, the others as far as the strategy allows. */
function renew(tools: ControllerTools, owner: KubeObject, hash: string): void {
  const strategy = readObject(owner, 'spec', 'updateStrategy');
  if (strategy['type'] === 'OnDelete') return;
  const present = childrenOf(tools.store, owner, pods);
  const wanted = nodeNames(tools, owner).length;
  const most = Math.max(1, scaled(readPath(strategy, 'rollingUpdate', 'maxUnavailable'), wanted, Math.ceil));
  const old = present.filter((pod) => podHash(pod) !== hash && isAlive(pod));
  const broken = old.filter(({ object }) => !isReady(object));
  const working = old.filter(({ object }) => isReady(object));
  const unavailable = wanted - present.filter((pod) => isAlive(pod) && isReady(pod.object)).length;
  for (const pod of [...broken, ...working.slice(0, Math.max(0, most - unavailable))]) deletePod(tools, owner, pod);
}

function isAlive({ object }: Stored): boolean {
  return object.metadata.deletionTimestamp === undefined;
}

function statusOfDaemonSet(tools: ControllerTools, owner: KubeObject, hash: string): Fields {
  const present = childrenOf(tools.store, owner, pods).filter((pod) => isAlive(pod));
  const ready = present.filter(({ object }) => isReady(object)).length;
  const desired = nodeNames(tools, owner).length;
  return {
    currentNumberScheduled: present.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...withoutZeros({
      observedGeneration: owner.metadata.generation,
      updatedNumberScheduled: present.filter((pod) => podHash(pod) === hash).length,
      numberAvailable: ready,
      numberUnavailable: desired - ready,
    }),
  };
}
