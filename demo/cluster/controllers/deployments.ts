import { isDeepStrictEqual } from 'node:util';
import { readArray, readObject, readPath, readTime } from '../../../src/core/json.ts';
import {
  annotationsOf,
  controlledBy,
  type Fields,
  fieldsIn,
  type KubeObject,
  labelsOf,
  specOf,
  withMetadata,
} from '../objects.ts';
import { hashName } from '../random.ts';
import { removeObject } from '../removals.ts';
import { deployments, replicaSets } from '../resources.ts';
import type { Stored } from '../stored.ts';
import { deploymentStatus } from './deployment-status.ts';
import { rollOut } from './rollout.ts';
import { type ControllerTools, childrenOf, countOf, replicasOf, startController } from './tools.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const hashLabel = 'pod-template-hash';

/** Rolls Deployments out through ReplicaSets, one for each template. */
export function startDeploymentController(tools: ControllerTools): void {
  startController(tools, deployments, (stored) => {
    const old = ownReplicaSets(tools, stored.object);
    const current = old.find((one) => sameTemplate(one.object, stored.object));
    const isPaused = readPath(stored.object, 'spec', 'paused') === true;
    const newest = isPaused ? current : numbered(tools, { deployment: stored.object, old, current });
    const sets = ownReplicaSets(tools, stored.object);
    const isScaling = sets.some(({ object }) => desiredOf(object) !== replicasOf(stored.object));
    if (!isPaused || isScaling) rollOut(tools, { deployment: stored.object, sets, newest });
    finish(tools, stored, newest);
    if (!isPaused) forgetOld(tools, stored.object, newest);
    return untilDeadline(stored.object);
  });
}

/** Writes the status, and with it the number of the revision. */
function finish(tools: ControllerTools, stored: Stored, newest: Stored | undefined): void {
  const sets = ownReplicaSets(tools, stored.object).map(({ object }) => object);
  const set = sets.find(({ metadata }) => metadata.uid === newest?.object.metadata.uid);
  const revision = annotationsOf(set)[revisionAnnotation];
  const notes = revision === undefined ? {} : { [revisionAnnotation]: revision };
  const annotations = { ...stored.object.metadata.annotations, ...notes };
  const annotated = revision === undefined ? stored.object : withMetadata(stored.object, { annotations });
  const status = deploymentStatus({ deployment: stored.object, sets, newest: set });
  tools.writes.replace(stored, { ...annotated, status }, { status: true });
}

function ownReplicaSets({ store }: ControllerTools, deployment: KubeObject): readonly Stored[] {
  return childrenOf(store, deployment, replicaSets);
}

function sameTemplate(set: KubeObject, deployment: KubeObject): boolean {
  return isDeepStrictEqual(
    withoutHash(readObject(set, 'spec', 'template')),
    readObject(deployment, 'spec', 'template'),
  );
}

function withoutHash(template: Fields): Fields {
  const { [hashLabel]: _, ...labels } = labelsOf(template);
  return { ...template, metadata: { ...readObject(template, 'metadata'), labels } };
}

interface Numbering {
  readonly deployment: KubeObject;
  readonly old: readonly Stored[];
  readonly current: Stored | undefined;
}

/** The ReplicaSet of the present template, with the highest number. */
function numbered(tools: ControllerTools, { deployment, old, current }: Numbering): Stored {
  const others = old.filter((one) => one !== current).map(({ object }) => revisionOf(object));
  const next = Math.max(0, ...others) + 1;
  if (current === undefined) return createSet(tools, deployment, next);
  if (revisionOf(current.object) >= next) return current;
  const notes = annotationsOf(current.object);
  const history = [notes[historyAnnotation], notes[revisionAnnotation]].filter((one) => one !== undefined).join(',');
  const annotations = { ...notes, [revisionAnnotation]: String(next), [historyAnnotation]: history };
  return tools.writes.replace(current, withMetadata(current.object, { annotations }));
}

function revisionOf(object: KubeObject): number {
  return Number(annotationsOf(object)[revisionAnnotation] ?? 0);
}

function createSet(tools: ControllerTools, deployment: KubeObject, revision: number): Stored {
  const template = readObject(deployment, 'spec', 'template');
  const hash = hashName(template);
  const labels = { ...labelsOf(template), [hashLabel]: hash };
  const matchLabels = { ...readObject(deployment, 'spec', 'selector', 'matchLabels'), [hashLabel]: hash };
  const { name, namespace } = deployment.metadata;
  const annotations = { ...inherited(deployment), [revisionAnnotation]: String(revision) };
  return tools.writes.create(replicaSets, {
    metadata: { name: `${name}-${hash}`, namespace, labels, annotations, ownerReferences: [controlledBy(deployment)] },
    spec: {
      replicas: 0,
      ...minReady(deployment),
      selector: { ...readObject(deployment, 'spec', 'selector'), matchLabels },
      template: { ...template, metadata: { ...readObject(template, 'metadata'), labels } },
    },
  });
}

function minReady(deployment: KubeObject): Fields {
  const seconds = specOf(deployment)['minReadySeconds'];
  return seconds === undefined ? {} : { minReadySeconds: seconds };
}

/** What a ReplicaSet takes over from its Deployment. */
function inherited(deployment: KubeObject): Readonly<Record<string, string>> {
  const skipped = [revisionAnnotation, historyAnnotation, 'kubectl.kubernetes.io/last-applied-configuration'];
  return Object.fromEntries(Object.entries(annotationsOf(deployment)).filter(([key]) => !skipped.includes(key)));
}

/** How many pods the Deployment wanted when the set was sized last. */
function desiredOf(set: KubeObject): number {
  return Number(annotationsOf(set)['deployment.kubernetes.io/desired-replicas']);
}

/** Milliseconds until a rollout under way is late; undefined while none is. */
function untilDeadline(deployment: KubeObject): number | undefined {
  const progress = fieldsIn(readArray(deployment, 'status', 'conditions')).find(({ type }) => type === 'Progressing');
  const seconds = specOf(deployment)['progressDeadlineSeconds'];
  const since = readTime(progress, 'lastUpdateTime');
  if (progress?.['reason'] !== 'ReplicaSetUpdated' || since === undefined || typeof seconds !== 'number')
    return undefined;
  const left = since + seconds * 1000 - Date.now();
  return left < 0 ? undefined : left + 1000;
}

/** Removes the oldest empty ReplicaSets beyond the limit. */
function forgetOld(tools: ControllerTools, deployment: KubeObject, newest: Stored | undefined): void {
  const limit = specOf(deployment)['revisionHistoryLimit'];
  const old = ownReplicaSets(tools, deployment)
    .filter(({ object }) => object.metadata.uid !== newest?.object.metadata.uid)
    .filter(({ object }) => replicasOf(object) === 0 && countOf(object, 'replicas') === 0)
    .sort((left, right) => revisionOf(left.object) - revisionOf(right.object));
  const surplus = old.length - (typeof limit === 'number' ? limit : 10);
  for (const set of old.slice(0, Math.max(0, surplus))) removeObject(tools.store, set);
}
