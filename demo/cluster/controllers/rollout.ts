import { readObject, readPath } from '../../../src/core/json.ts';
import { annotationsOf, type KubeObject, withMetadata, withSpec } from '../objects.ts';
import { pods } from '../resources.ts';
import type { Stored } from '../stored.ts';
import { activePods, type ControllerTools, childrenOf, countOf, replicasOf, scaled } from './tools.ts';

export interface Rollout {
  readonly deployment: KubeObject;
  readonly sets: readonly Stored[];
  /** The ReplicaSet of the present template; undefined while a paused Deployment has none. */
  readonly newest: Stored | undefined;
}

/** Takes the next step from the old ReplicaSets to the newest. */
export function rollOut(tools: ControllerTools, { deployment, sets, newest }: Rollout): void {
  const others = sets.filter(({ object }) => object.metadata.uid !== newest?.object.metadata.uid);
  const step = { tools, deployment, others, newest: newest ?? newestOf(sets) };
  if (step.newest === undefined) return;
  if (readPath(deployment, 'spec', 'strategy', 'type') === 'Recreate') recreate(step, step.newest);
  else roll(step, step.newest);
}

interface Step {
  readonly tools: ControllerTools;
  readonly deployment: KubeObject;
  readonly others: readonly Stored[];
}

function newestOf(sets: readonly Stored[]): Stored | undefined {
  return sets.find(({ object }) => replicasOf(object) > 0);
}

function recreate(step: Step, newest: Stored): void {
  for (const set of step.others) resize(step, set, 0);
  const { store } = step.tools;
  const remain = step.others.some(({ object }) => childrenOf(store, object, pods).length > 0);
  if (!remain) resize(step, newest, replicasOf(step.deployment));
}

function roll(step: Step, newest: Stored): void {
  const { deployment, others } = step;
  const wanted = replicasOf(deployment);
  const strategy = readObject(deployment, 'spec', 'strategy', 'rollingUpdate');
  const surge = scaled(strategy['maxSurge'], wanted, Math.ceil);
  const given = scaled(strategy['maxUnavailable'], wanted, Math.floor);
  const unavailable = surge === 0 && given === 0 ? 1 : given;
  const others0 = sum(others, ({ object }) => replicasOf(object));
  const size = replicasOf(newest.object);
  const room = Math.max(0, wanted + surge - others0 - size);
  const target = size > wanted ? wanted : Math.min(wanted, size + room);
  resize(step, newest, target);
  shrink(step, newest, { wanted, unavailable, target });
}

interface Aim {
  readonly wanted: number;
  readonly unavailable: number;
  /** Size of the newest ReplicaSet. */
  readonly target: number;
}

/** Takes away old pods: first those that do not work, then as many as the available ones allow. */
function shrink(step: Step, newest: Stored, { wanted, unavailable, target }: Aim): void {
  const { others, tools } = step;
  const total = sum(others, ({ object }) => replicasOf(object)) + target;
  const available = countOf(newest.object, 'availableReplicas');
  let budget = total - (wanted - unavailable) - (target - Math.min(target, available));
  for (const set of others) {
    const broken = replicasOf(set.object) - Math.min(replicasOf(set.object), countOf(set.object, 'availableReplicas'));
    const cut = Math.min(broken, Math.max(0, budget));
    budget -= cut;
    if (cut > 0) resize(step, set, replicasOf(set.object) - cut);
  }
  const working = sum(others, ({ object }) => countOf(object, 'availableReplicas')) + available;
  let spare = working - (wanted - unavailable);
  for (const { object } of others) {
    const set = tools.store.get(newest.resource, object.metadata.namespace, object.metadata.name);
    if (set === undefined || spare <= 0) continue;
    const cut = Math.min(replicasOf(set.object), spare, activePods(tools.store, set.object).length);
    spare -= cut;
    if (cut > 0) resize(step, set, replicasOf(set.object) - cut);
  }
}

function resize({ tools, deployment }: Step, set: Stored, replicas: number): void {
  const notes = { ...annotationsOf(set.object), ...sizeNotes(deployment) };
  const before = replicasOf(set.object);
  tools.writes.replace(set, withMetadata(withSpec(set.object, { replicas }), { annotations: notes }));
  if (before === replicas) return;
  const direction = replicas > before ? 'up' : 'down';
  tools.record({
    about: deployment,
    reason: 'ScalingReplicaSet',
    note: `Scaled ${direction} replica set ${set.object.metadata.name} from ${before} to ${replicas}`,
    type: 'Normal',
    by: 'deployment-controller',
  });
}

function sizeNotes(deployment: KubeObject): Readonly<Record<string, string>> {
  const wanted = replicasOf(deployment);
  const surge = scaled(readPath(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'), wanted, Math.ceil);
  return {
    'deployment.kubernetes.io/desired-replicas': String(wanted),
    'deployment.kubernetes.io/max-replicas': String(wanted + surge),
  };
}

function sum(sets: readonly Stored[], count: (set: Stored) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}
