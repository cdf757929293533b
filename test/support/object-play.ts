import { isDeepStrictEqual } from 'node:util';
import { deploymentManifest } from '../../demo/shop.ts';
import type { Json } from '../../src/core/json.ts';
import { readObject } from '../../src/core/json.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../src/ops/actions/index.ts';
import type { ActionContext } from '../../src/ops/context.ts';
import { endOf } from '../../src/ops/job/target.ts';
import { targetOf } from '../../src/ops/remedies/steps.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { type Played, planOf, prove } from './action-play.ts';
import { raiseAlert } from './alert-stage.ts';
import { createDeskWorld } from './desk.ts';
import { createFakeConfigHistory } from './fakes/config-history.ts';
import { type BareNode, createBareNode } from './kubernetes/bare-node.ts';
import { createObjectsStage } from './kubernetes/objects-stage.ts';
import { bindClaim, createStorage, type Storage } from './kubernetes/storage.ts';
import { untilThere } from './patience.ts';

/** Where objects are made for actions that are not about a workload's template. */
interface ObjectStage {
  readonly http: HttpClient;
  readonly namespace: string;
  readonly context: ActionContext;
  readonly node: BareNode;
  readonly storage: Storage;
}

interface Prepared {
  readonly target: ResourceRef;
  readonly params?: Readonly<Record<string, Json>>;
  /** What the rest of a cluster does while it is carried out. */
  readonly meanwhile?: () => Promise<void>;
  readonly context?: ActionContext;
}

interface ObjectCase {
  readonly action: ActionId;
  readonly kind: string;
  readonly prepare: (stage: ObjectStage) => Promise<Prepared>;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  await untilThere('what it waited for', async () => (await isSo()) || undefined);
}

async function onNode({ node }: ObjectStage): Promise<Prepared> {
  return { target: node.ref };
}

async function podOnNode({ node }: ObjectStage, name: string): Promise<Prepared> {
  const [pod] = await node.fill(name, 1);
  if (pod === undefined) throw new Error('no pod');
  return { target: pod.ref, meanwhile: () => node.reap() };
}

async function set(target: ResourceRef, field: string, { context: { objects } }: ObjectStage): Promise<Prepared> {
  const operations = [{ op: 'add', path: `/spec/${field}`, value: true } as const];
  await objects.patch({ ref: target, operations, dryRun: false });
  return { target };
}

async function endedJob(name: string, { context: { objects }, namespace }: ObjectStage): Promise<Prepared> {
  const container = { name: 'app', image: 'busybox:1.36', command: ['true'] };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
  const { ref } = await objects.create({ kind: 'Job', namespace, body, dryRun: false });
  await until(async () => {
    const live = await objects.read(ref);
    return live !== undefined && endOf(live) !== undefined;
  });
  return { target: ref };
}

async function runningApp(name: string, { http, namespace, context }: ObjectStage): Promise<ResourceRef> {
  const made = deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0', memoryLimit: '64Mi' });
  const template = readObject(made, 'spec', 'template');
  const volumes = [{ name: 'settings', configMap: { name, optional: true } }];
  const spec = { ...readObject(template, 'spec'), volumes };
  const body = { ...made, spec: { ...readObject(made, 'spec'), template: { ...template, spec } } };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await http.json({ method: 'POST', path, body: JSON.stringify(body) });
  const ref = { kind: 'Deployment', namespace, name } as const;
  await until(async () => (await context.workloads.read(ref))?.ready === 1);
  return ref;
}

async function heldConfigMap({ context, namespace }: ObjectStage): Promise<Prepared> {
  const { objects, clock } = context;
  const body = { metadata: { name: 'held', finalizers: ['lifeguard.dev/test'] } };
  const { ref } = await objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  await objects.remove({ ref, dryRun: false });
  const later = { ...clock, now: () => clock.now() + 3_600_000 };
  return { target: ref, params: { finalizer: 'lifeguard.dev/test' }, context: { ...context, clock: later } };
}

async function anAlert({ context, namespace }: ObjectStage) {
  const { registry, ops } = createDeskWorld();
  const { target, reach } = await raiseAlert({ registry }, namespace);
  return { target, context: { ...context, ...reach, incidents: ops.incidents, journal: registry } };
}

const objectOf = ({ http, namespace }: ObjectStage) => createObjectsStage(http, namespace);

/** In this order: each leaves the node as the next wants it. */
export const objectCases: readonly ObjectCase[] = [
  { action: 'cordon-node', kind: 'Node', prepare: onNode },
  {
    action: 'drain-node',
    kind: 'Node',
    async prepare(stage) {
      await stage.node.fill('drained', 3);
      return { target: stage.node.ref, meanwhile: () => stage.node.reap() };
    },
  },
  {
    action: 'uncordon-node',
    kind: 'Node',
    prepare: (stage) => set(stage.node.ref, 'unschedulable', stage),
  },
  { action: 'evict-pod', kind: 'Pod', prepare: (stage) => podOnNode(stage, 'evicted') },
  { action: 'delete-pod', kind: 'Pod', prepare: (stage) => podOnNode(stage, 'deleted') },
  { action: 'rerun-job', kind: 'Job', prepare: (stage) => endedJob('rerun', stage) },
  { action: 'delete-job', kind: 'Job', prepare: (stage) => endedJob('ended', stage) },
  {
    action: 'suspend-cronjob',
    kind: 'CronJob',
    prepare: async (stage) => ({ target: await objectOf(stage).create('CronJob', 'suspended') }),
  },
  {
    action: 'resume-cronjob',
    kind: 'CronJob',
    prepare: async (stage) => set(await objectOf(stage).create('CronJob', 'resumed'), 'suspend', stage),
  },
  {
    action: 'set-autoscaler-bounds',
    kind: 'HorizontalPodAutoscaler',
    prepare: async (stage) => ({
      target: await objectOf(stage).create('HorizontalPodAutoscaler', 'scaler'),
      params: { min: 2, max: 9, cpu: 70 },
    }),
  },
  {
    action: 'expand-volume',
    kind: 'PersistentVolumeClaim',
    async prepare({ http, storage }) {
      const target = await bindClaim(http, storage, 'data');
      return { target, params: { size: '+50%' }, meanwhile: () => storage.grow(target) };
    },
  },
  { action: 'remove-finalizer', kind: 'ConfigMap', prepare: heldConfigMap },
  {
    action: 'resize-pods',
    kind: 'Deployment',
    prepare: async (stage) => ({ target: await runningApp('resized', stage), params: { memory: '+50%' } }),
  },
  {
    action: 'restart-consumers',
    kind: 'ConfigMap',
    async prepare(stage) {
      await runningApp('consumer', stage);
      return { target: { kind: 'ConfigMap', namespace: stage.namespace, name: 'consumer' } };
    },
  },
  {
    action: 'silence-alerts',
    kind: 'Incident',
    prepare: async (stage) => ({ ...(await anAlert(stage)), params: { duration: '5m' } }),
  },
  {
    action: 'lift-silences',
    kind: 'Incident',
    async prepare(stage) {
      const { target, context } = await anAlert(stage);
      const params = { target: targetOf(target), duration: '5m' };
      const plan = await planOf('silence-alerts', params, context);
      await findAction('silence-alerts')?.execute({ plan, mark: `before-${Date.now()}` }, context);
      return { target, context };
    },
  },
  {
    action: 'restore-config-map',
    kind: 'ConfigMap',
    async prepare({ context, namespace }) {
      const body = { metadata: { name: 'restored' }, data: { mode: 'new' }, binaryData: { blob: 'AAEC' } };
      const { ref } = await context.objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
      const history = createFakeConfigHistory();
      await history.keep(ref, { data: { mode: 'old', more: 'yes' }, binaryData: {} }, Date.now());
      return { target: ref, context: { ...context, configHistory: history } };
    },
  },
];

/** A node without a kubelet and a StorageClass of its own, until `close`. */
export async function openObjectStage(
  http: HttpClient,
  namespace: string,
  context: ActionContext,
): Promise<ObjectStage & { readonly close: () => Promise<void> }> {
  const [node, storage] = [await createBareNode(http, namespace, namespace), await createStorage(http, namespace)];
  return {
    http,
    namespace,
    context,
    node,
    storage,
    async close() {
      await node.remove();
      await storage.remove();
    },
  };
}

/** Prepares, plans, applies twice, carries on, proves and undoes. */
export async function playObject({ action: id, prepare }: ObjectCase, stage: ObjectStage): Promise<Played> {
  const { target, params = {}, meanwhile = async () => undefined, context = stage.context } = await prepare(stage);
  const action = findAction(id);
  if (action === undefined) throw new Error(`no action ${id}`);
  const startedAt = Date.now();
  const { kind, namespace, name } = target;
  const plan = await planOf(id, { target: { kind, namespace, name }, ...params }, context);
  const run = { plan, mark: `${id}-${startedAt}-apply` };
  const look = async () => ({
    applied: await action.isApplied(run, context),
    reached: (await action.measure(plan, context))?.reached,
  });
  const before = await look();
  await action.execute(run, context);
  const appliedMs = Date.now() - startedAt;
  await action.execute(run, context);
  await until(async () => {
    await meanwhile();
    return action.advance === undefined || (await action.advance(run, context)).left === 0;
  });
  const verdict = await prove(id, plan, context);
  const provenMs = Date.now() - startedAt;
  const changed = !before.applied && (await look()).applied;
  if (action.undo === undefined || plan.inverse === null)
    return { appliedMs, provenMs, verdict, changed, restored: undefined };
  await action.undo({ plan, mark: `${id}-${startedAt}-undo` }, context);
  return { appliedMs, provenMs, verdict, changed, restored: isDeepStrictEqual(await look(), before) };
}
