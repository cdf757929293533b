import { readObject, readPath } from '../../../src/core/json.ts';
import { matchesSelector } from '../../../src/core/label-selector.ts';
import { controllerOf, type Fields, type KubeObject, labelsOf, specOf, statusOf, timeText } from '../objects.ts';
import { deployments, disruptionBudgets, pods, replicaSets, resourceOfKind } from '../resources.ts';
import type { Store } from '../store.ts';
import {
  type Condition,
  type ControllerTools,
  isReady,
  replicasOf,
  scaled,
  startController,
  withCondition,
  writeStatus,
} from './tools.ts';

/** Says of each disruption budget how many of its pods may go now. */
export function startDisruptionBudgetController(tools: ControllerTools): void {
  const look = startController(tools, disruptionBudgets, (stored) => {
    writeStatus(tools, stored, statusOfBudget(tools.store, stored.object));
    return undefined;
  });
  tools.store.onChange(({ resource, stored }) => {
    if (resource !== pods) return;
    const { namespace } = stored.object.metadata;
    for (const { object } of tools.store.list(disruptionBudgets, namespace)) look(namespace, object.metadata.name);
  });
}

function statusOfBudget(store: Store, budget: KubeObject): Fields {
  const spec = specOf(budget);
  const own = store
    .list(pods, budget.metadata.namespace)
    .map(({ object }) => object)
    .filter((pod) => matchesSelector(spec['selector'], labelsOf(pod)) && !hasEnded(pod));
  const disrupted = stillThere(readObject(statusOf(budget), 'disruptedPods'), own);
  const currentHealthy = own.filter(
    (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name] === undefined,
  ).length;
  const expectedPods = expected(store, spec, own);
  const desiredHealthy = expectedPods === undefined ? 0 : desired(spec, expectedPods);
  const room = expectedPods === undefined || expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    observedGeneration: budget.metadata.generation,
    disruptionsAllowed: room,
    currentHealthy,
    desiredHealthy,
    expectedPods: expectedPods ?? 0,
    conditions: withCondition(budget, timeText(Date.now()), conditionOf(expectedPods, room)).map(
      ({ lastUpdateTime: _none, ...condition }) => ({
        ...condition,
        observedGeneration: budget.metadata.generation,
      }),
    ),
  };
}

function conditionOf(expectedPods: number | undefined, room: number): Condition {
  const type = 'DisruptionAllowed';
  if (expectedPods === undefined) {
    return { type, status: 'False', reason: 'SyncFailed', message: 'found no controllers for a pod' };
  }
  const isOpen = room > 0;
  return {
    type,
    status: isOpen ? 'True' : 'False',
    reason: isOpen ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
}

function hasEnded(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(String(readPath(pod, 'status', 'phase')));
}

/** Pods that were evicted and are not on their way yet. */
function stillThere(disrupted: Fields, own: readonly KubeObject[]): Fields {
  const names = own
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
  return Object.fromEntries(Object.entries(disrupted).filter(([name]) => names.includes(name)));
}

/** How many pods there should be: a number of pods counts those there are, a share asks their controllers. Undefined where a pod has none. */
function expected(store: Store, spec: Fields, own: readonly KubeObject[]): number | undefined {
  if (typeof spec['minAvailable'] === 'number') return own.length;
  const scales = new Map<string, number>();
  for (const pod of own) {
    const owner = topOf(store, pod);
    if (owner === undefined) return undefined;
    scales.set(owner.metadata.uid, replicasOf(owner));
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** The Deployment, StatefulSet or the like that a pod belongs to. */
function topOf(store: Store, pod: KubeObject): KubeObject | undefined {
  const direct = ownerOf(store, pod);
  if (direct?.kind !== replicaSets.kind) return direct;
  const above = ownerOf(store, direct);
  return above?.kind === deployments.kind ? above : direct;
}

function ownerOf(store: Store, object: KubeObject): KubeObject | undefined {
  const owner = controllerOf(object);
  const resource = owner === undefined ? undefined : resourceOfKind(owner.apiVersion, owner.kind);
  if (owner === undefined || resource === undefined) return undefined;
  return store.get(resource, object.metadata.namespace, owner.name)?.object;
}

function desired(spec: Fields, expectedPods: number): number {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable === undefined) return scaled(minAvailable ?? 1, expectedPods, Math.ceil);
  return Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods, Math.ceil));
}
