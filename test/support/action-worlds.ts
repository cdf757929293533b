import { type Incident, incidentIdOf, incidentRef } from '../../src/core/incident.ts';
import { Json, type JsonObject, readArray, readPath, readString } from '../../src/core/json.ts';
import type { LiveObject } from '../../src/core/ports/objects.ts';
import { isWorkloadRef, type ResourceRef, refName } from '../../src/core/resource-ref.ts';
import type { ClusterView } from '../../src/core/view.ts';
import type { ActionId } from '../../src/ops/actions/index.ts';
import { approve } from '../../src/ops/approve.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { submit } from '../../src/ops/submit.ts';
import { alertFinding, fire } from './alert-world.ts';
import { anIncident } from './builders.ts';
import { createDeskWorld, type DeskWorld } from './desk.ts';
import { createTickingClock } from './fakes/clock.ts';
import { aPod, aRevision, aWorkload, viewOf } from './views.ts';

const start = Date.parse('2026-03-02T10:00:00Z');
const ready: JsonObject = { conditions: [{ type: 'Ready', status: 'True' }] };
const ended = (type: string): JsonObject => ({ conditions: [{ type, status: 'True' }] });

interface Stage {
  readonly target: ResourceRef;
  readonly params?: Readonly<Record<string, Json>>;
}

/** What each action needs in order to be planned: makes it, and answers what it is done to. */
const stages: Readonly<Record<ActionId, (world: DeskWorld) => Stage>> = {
  'rollback-workload': ({ checkout }) => ({ target: checkout }),
  'restart-workload': ({ checkout }) => ({ target: checkout }),
  'scale-workload': ({ checkout }) => ({ target: checkout, params: { replicas: 5 } }),
  'set-resources': ({ checkout, objects }) => {
    putRoom(objects);
    return { target: checkout, params: { memory: '128Mi' } };
  },
  'set-image': ({ checkout }) => ({ target: checkout, params: { image: 'shop:2.0.0' } }),
  'pause-rollout': ({ checkout }) => ({ target: checkout }),
  'resume-rollout': (world) => ({ target: putPaused(world) }),
  'set-autoscaler-bounds': ({ objects }) => ({
    target: objects.put(inShop('HorizontalPodAutoscaler', 'web'), { spec: { minReplicas: 1, maxReplicas: 3 } }),
    params: { max: 5 },
  }),
  'suspend-cronjob': ({ objects }) => ({ target: objects.put(inShop('CronJob', 'nightly'), { spec: {} }) }),
  'resume-cronjob': ({ objects }) => ({
    target: objects.put(inShop('CronJob', 'nightly'), { spec: { suspend: true } }),
  }),
  'cordon-node': (world) => ({ target: putNodes(world) }),
  'uncordon-node': ({ objects }) => ({
    target: objects.put({ kind: 'Node', namespace: '', name: 'node-1' }, { spec: { unschedulable: true } }),
  }),
  'drain-node': (world) => {
    const target = putNodes(world);
    for (const name of ['checkout-1', 'checkout-2']) putPod(world, name);
    return { target };
  },
  'expand-volume': ({ objects }) => {
    objects.put({ kind: 'StorageClass', namespace: '', name: 'fast' }, { allowsExpansion: true });
    const spec = { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } };
    const status = { phase: 'Bound', capacity: { storage: '1Gi' } };
    return { target: objects.put(inShop('PersistentVolumeClaim', 'data'), { spec, status }), params: { size: '2Gi' } };
  },
  'remove-finalizer': ({ objects }) => ({
    target: objects.put(inShop('ConfigMap', 'held'), {
      finalizers: ['example.com/keep'],
      deletion: { since: start - 3_600_000, finalizers: ['example.com/keep'] },
    }),
    params: { finalizer: 'example.com/keep' },
  }),
  'resize-pods': ({ objects, checkout }) => {
    putRoom(objects);
    const resources = { limits: { memory: '64Mi' }, requests: { memory: '32Mi' } };
    for (const { name, uid } of checkoutPods)
      objects.put(
        { ...inShop('Pod', name), uid },
        { spec: { containers: [{ name: 'app', resources }] }, status: resizedTo(resources) },
      );
    return { target: checkout, params: { memory: '128Mi' } };
  },
  'restart-consumers': ({ objects, workloads }) => {
    const template = {
      spec: { containers: [{ name: 'app' }], volumes: [{ name: 'v', configMap: { name: 'settings' } }] },
    };
    for (const name of ['front', 'back'])
      objects.put(workloads.put({ ref: { kind: 'Deployment', namespace: 'shop', name }, templates: [template] }), {
        spec: { template },
      });
    return { target: objects.put(inShop('ConfigMap', 'settings'), {}) };
  },
  'restore-config-map': ({ objects, configHistory }) => {
    const target = objects.put(inShop('ConfigMap', 'settings'), { data: { mode: 'new' } });
    for (const mode of ['old', 'new']) void configHistory.keep(target, { data: { mode }, binaryData: {} }, start);
    return { target };
  },
  'evict-pod': (world) => ({ target: putPod(world, 'checkout-1') }),
  'delete-pod': (world) => ({ target: putPod(world, 'checkout-1') }),
  'rerun-job': ({ objects }) => ({
    target: objects.put(inShop('Job', 'backup'), { spec: { template: {} }, status: ended('Failed') }),
  }),
  'silence-alerts': (world) => ({ target: putAlert(world), params: { duration: '2h', reason: 'a release' } }),
  'lift-silences': (world) => {
    const until = start + 3_600_000;
    const matchers = [{ name: 'alertname', value: 'PodsFailing', isRegex: false }];
    void world.alertmanager.silence({ matchers, startsAt: start, endsAt: until, comment: 'quiet', createdBy: 'x' });
    return { target: putAlert(world, [{ id: 'silence-1', name: 'PodsFailing', until }]) };
  },
  'delete-job': ({ objects }) => ({
    target: objects.put(inShop('Job', 'backup'), { spec: { template: {} }, status: ended('Failed') }),
  }),
};

/** An incident with an alert that fires; there when it returns. */
function putAlert(world: DeskWorld, silences: Incident['silences'] = []): ResourceRef {
  const finding = alertFinding(world, fire(world, [{ namespace: 'shop' }]));
  const incident = anIncident({ subject: world.checkout, finding, silences });
  void world.records.create(incident);
  void world.index.setOpen(incident.id, true);
  return incidentRef(incident);
}

/** The pods that `observeWorkload` shows of the checkout. */
const checkoutPods = [0, 1, 2].map((index) => ({ name: `checkout-2-${index}`, uid: `uid-checkout-2-${index}` }));

/** What a kubelet says once it has given a container these. */
function resizedTo(resources: Json): JsonObject {
  return { phase: 'Running', containerStatuses: [{ name: 'app', resources }] };
}

function inShop(kind: string, name: string): ResourceRef {
  return { kind, namespace: 'shop', name };
}

/** The node that has room for larger pods. */
export const roomy: ResourceRef = { kind: 'Node', namespace: '', name: 'roomy' };

export function putRoom(objects: DeskWorld['objects']): void {
  objects.put(roomy, { status: { ...ready, allocatable: { cpu: '8', memory: '16Gi' } } });
}

function putPaused({ workloads }: DeskWorld): ResourceRef {
  const templates = [{ spec: { containers: [{ name: 'app', image: 'a' }] } }];
  return workloads.put({ ref: { kind: 'Deployment', namespace: 'shop', name: 'paused' }, templates, paused: true });
}

function putNodes({ objects }: DeskWorld): ResourceRef {
  const [first = { kind: 'Node', namespace: '', name: 'node-1' }] = [1, 2, 3].map((number) =>
    objects.put({ kind: 'Node', namespace: '', name: `node-${number}` }, { status: ready }),
  );
  return first;
}

function putPod({ objects, checkout }: DeskWorld, name: string): ResourceRef {
  const content = { spec: { nodeName: 'node-1' }, status: { phase: 'Running', ...ready } };
  return objects.put(inShop('Pod', name), {
    ...content,
    owner: { kind: checkout.kind, name: 'checkout', uid: checkout.uid ?? '' },
  });
}

/** A world in which the action can be carried out. Every workload in it is well, before and after. */
export function createActionWorld(id: ActionId) {
  const clock = createTickingClock(start);
  const world = createDeskWorld({
    clock,
    policy: {
      verification: { stableForMs: 5_000, deadlineMs: 60_000, everyMs: 100, traffic: { tolerance: 0.2 } },
      bounds: { replicas: 10, cpu: 4, memory: 2 ** 32, memoryRaises: 2, storage: 2 ** 40, nodesOut: 0.34 },
    },
  });
  const observe = (ref: ResourceRef): Promise<ClusterView> => observeWorkload(ref, world);
  const objects: OpsContext['objects'] = {
    ...world.objects,
    async create(request) {
      const live = await world.objects.create(request);
      if (request.kind === 'Job') world.objects.setStatus(live.ref, ended('Complete'));
      return live;
    },
    async patch(request) {
      const live = await world.objects.patch(request);
      if (!request.dryRun) settle(live, world);
      return live;
    },
  };
  const ops: OpsContext = { ...world.ops, objects, observer: { ...world.ops.observer, observe } };
  const { target, params = {} } = stages[id](world);
  const { uid, ...identity } = target;
  const silencedBefore = world.alertmanager.writes.length;
  return {
    ...world,
    ops,
    target,
    params: { ...params, target: uid === undefined ? identity : { ...identity, uid } },
    kept: (): readonly string[] => [
      ...world.workloads.writes.map(({ ref }) => `patch ${ref.kind} ${refName(ref)}`),
      ...world.objects.writes.map((write) => write.replace(/-rerun-\w+/, '-rerun')),
      ...world.alertmanager.writes.slice(silencedBefore),
    ],
  };
}

export type ActionWorld = ReturnType<typeof createActionWorld>;

/** Plays what grows volumes and resizes pods. */
function settle({ ref, spec }: LiveObject, { objects }: DeskWorld): void {
  const storage = readString(spec, 'resources', 'requests', 'storage');
  if (storage !== undefined) objects.setStatus(ref, { phase: 'Bound', capacity: { storage } });
  const [container] = readArray(spec, 'containers');
  if (ref.kind === 'Pod' && container !== undefined)
    objects.setStatus(ref, resizedTo(Json.parse(readPath(container, 'resources'))));
}

/** As many ready pods as are wanted, of the present template. */
async function observeWorkload(ref: ResourceRef, { workloads }: DeskWorld): Promise<ClusterView> {
  const live = isWorkloadRef(ref) ? await workloads.read(ref) : undefined;
  if (live === undefined) return viewOf({ workload: [], revision: [], pod: [] });
  const { desired, revision = 1, ref: own } = live;
  const { kind, namespace, name, uid } = own;
  const revisionName = `${name}-${revision}`;
  const pods = Array.from({ length: desired }, (_, index) =>
    aPod({
      name: `${revisionName}-${index}`,
      namespace,
      owner: kind === 'Deployment' ? { kind: 'ReplicaSet', name: revisionName, uid: `uid-${revisionName}` } : own,
    }),
  );
  const counts = { desired, ready: desired, updated: desired, available: desired };
  return viewOf({
    pod: pods,
    workload: [aWorkload({ kind, uid, namespace, name, ...counts })],
    revision: [
      aRevision(revision, { uid: `uid-${revisionName}`, namespace, name: revisionName, owner: { kind, name, uid } }),
    ],
  });
}

/** Somebody asks for the action, and somebody else approves it. Answers the proposal's id. */
export async function approveAction(id: ActionId, world: ActionWorld): Promise<string> {
  const { target, params, ops, registry } = world;
  const incidentId = incidentIdOf(target) ?? (await registry.request(target, `Please ${id}`)).id;
  const origin = { surface: 'slash', user: 'U_ANA' } as const;
  const made = await submit({ incidentId, actionId: id, params, reason: 'why', origin }, ops);
  if ('refused' in made) throw new Error(`${id}: ${made.refused}`);
  await approve({ proposalId: made.proposal.id, user: 'U_CHI' }, ops);
  return made.proposal.id;
}
