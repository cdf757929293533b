import { readArray, readNumber, readString, readTime } from '../../../src/core/json.ts';
import { type Fields, fieldsIn, type KubeObject, specOf, statusOf, timeText, withStatus } from '../objects.ts';
import { type Condition, countOf, replicasOf, scaled, withCondition, withoutZeros } from './tools.ts';

export interface DeploymentFacts {
  readonly deployment: KubeObject;
  readonly sets: readonly KubeObject[];
  readonly newest: KubeObject | undefined;
}

/** A Deployment's status as its controller writes it. */
export function deploymentStatus(facts: DeploymentFacts): Fields {
  const { deployment, sets, newest } = facts;
  const ready = sum(sets, 'readyReplicas');
  const available = sum(sets, 'availableReplicas');
  const counts = withoutZeros({
    observedGeneration: deployment.metadata.generation,
    replicas: sum(sets, 'replicas'),
    updatedReplicas: newest === undefined ? 0 : countOf(newest, 'replicas'),
    readyReplicas: ready,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, 'replicas') - available),
  });
  const conditions = conditionsOf(facts, counts, available);
  return { ...counts, ...(conditions.length === 0 ? {} : { conditions }) };
}

function sum(sets: readonly KubeObject[], field: string): number {
  return sets.reduce((total, set) => total + countOf(set, field), 0);
}

function conditionsOf(facts: DeploymentFacts, counts: Fields, available: number): readonly Fields[] {
  const { deployment } = facts;
  const now = timeText(Date.now());
  const wanted = replicasOf(deployment);
  const strategy = fieldsIn([fieldsIn([specOf(deployment)['strategy']])[0]?.['rollingUpdate']])[0] ?? {};
  const isEnough = available >= wanted - scaled(strategy['maxUnavailable'], wanted, Math.floor);
  const conditions = withCondition(deployment, now, {
    type: 'Available',
    status: isEnough ? 'True' : 'False',
    reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: isEnough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  });
  const progress = progressOf(facts, counts);
  if (progress === undefined) return conditions;
  const isStep = hasMoved(deployment, counts) && progress.reason === 'ReplicaSetUpdated';
  const base = withStatus(deployment, {
    ...statusOf(deployment),
    conditions: isStep ? touched(conditions, now) : conditions,
  });
  return withCondition(base, now, progress);
}

/** Progress counts from the last step. */
function touched(conditions: readonly Fields[], now: string): readonly Fields[] {
  return conditions.map((one) => (one['type'] === 'Progressing' ? { ...one, lastUpdateTime: now } : one));
}

function hasMoved(deployment: KubeObject, counts: Fields): boolean {
  return ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'].some(
    (field) => (counts[field] ?? 0) !== countOf(deployment, field),
  );
}

/** Undefined where nothing is known to progress: a paused Deployment keeps what it had. */
function progressOf({ deployment, newest }: DeploymentFacts, counts: Fields): Condition | undefined {
  if (specOf(deployment)['paused'] === true) {
    return { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  if (newest === undefined) return undefined;
  const set = `ReplicaSet "${newest.metadata.name}"`;
  const wanted = replicasOf(deployment);
  // A rollout that is done stays done, whatever its pods do later.
  if (wasDone(deployment) && counts['replicas'] === counts['updatedReplicas']) return undefined;
  const isDone = ['replicas', 'updatedReplicas', 'availableReplicas'].every((field) => (counts[field] ?? 0) === wanted);
  if (isDone) {
    const message = `${set} has successfully progressed.`;
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (isLate(deployment, counts)) {
    const message = `${set} has timed out progressing.`;
    return { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  const message = `${set} is progressing.`;
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
}

function wasDone(deployment: KubeObject): boolean {
  return progressIn(deployment)?.['reason'] === 'NewReplicaSetAvailable';
}

function progressIn(deployment: KubeObject): Fields | undefined {
  return fieldsIn(readArray(statusOf(deployment), 'conditions')).find(({ type }) => type === 'Progressing');
}

function isLate(deployment: KubeObject, counts: Fields): boolean {
  const progress = progressIn(deployment);
  const since = readTime(progress, 'lastUpdateTime');
  const deadline = readNumber(specOf(deployment), 'progressDeadlineSeconds');
  if (since === undefined || deadline === undefined || hasMoved(deployment, counts)) return false;
  const reason = readString(progress, 'reason') ?? '';
  if (reason === 'ProgressDeadlineExceeded') return true;
  return reason === 'ReplicaSetUpdated' && Date.now() > since + deadline * 1000;
}
