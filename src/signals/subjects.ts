import { isWorkloadRef, type ResourceRef, refKey, workloadKinds } from '../core/resource-ref.ts';
import type { Observation } from '../core/signal.ts';
import type { ClusterView, ViewKind, ViewTypes } from '../core/view.ts';
import type { AlertView } from '../core/views/alert.ts';
import type { NodeView } from '../core/views/capacity.ts';
import type { JobView } from '../core/views/job.ts';
import type { ObjectView, OwnerRef } from '../core/views/object.ts';
import type { PodView } from '../core/views/pod.ts';
import type { UsageView } from '../core/views/usage.ts';
import { nameKey, type Shelves } from './shelves.ts';

/** What detectors judge: workloads and all other kinds that stand for themselves. */
type Rule<K extends ViewKind> = (object: ViewTypes[K], world: World) => readonly ResourceRef[];

interface World {
  readonly shelves: Shelves;
  readonly view: ClusterView;
}

/** Kubernetes' own name of a kind that is its own subject. */
const kindNames = {
  cronJob: 'CronJob',
  node: 'Node',
  service: 'Service',
  ingress: 'Ingress',
  gateway: 'Gateway',
  certificate: 'Secret',
  volumeClaim: 'PersistentVolumeClaim',
  disruptionBudget: 'PodDisruptionBudget',
  autoscaler: 'HorizontalPodAutoscaler',
  namespace: 'Namespace',
} as const;

/**
 * Whose judgement may change at once when an object changes. What is not named here (a class that appears, a template whose labels change) is
 * seen by the next look at everything.
 */
const rules: { readonly [K in ViewKind]: Rule<K> } = {
  pod: (pod, { view }) => [view.ownerOf(pod)],
  workload: (workload) => [refOf(workload.kind, workload)],
  revision: (revision) => [ownerRef(revision.namespace, revision.owner)],
  job: (job, { view }) => [
    job.owner === undefined ? refOf('Job', job) : ownerRef(job.namespace, job.owner),
    ...rerunBy(job, view),
  ],
  event: (event, world) => [subjectOfEvent(event.regarding, world)],
  endpoints: ({ namespace, service }) => [{ kind: 'Service', namespace, name: service }],
  service: (service, world) => [refOf('Service', service), ...routesIn(service.namespace, world)],
  certificate: (secret, world) => [refOf('Secret', secret), ...routesIn(secret.namespace, world)],
  cronJob: (object) => [refOf(kindNames.cronJob, object)],
  node: (object) => [refOf(kindNames.node, object)],
  ingress: (object) => [refOf(kindNames.ingress, object)],
  gateway: (object) => [refOf(kindNames.gateway, object)],
  route: (route) => [refOf(route.kind, route)],
  webhooks: (object) => [refOf(object.kind, object)],
  volumeClaim: (object) => [refOf(kindNames.volumeClaim, object)],
  disruptionBudget: (object) => [refOf(kindNames.disruptionBudget, object)],
  autoscaler: (object) => [refOf(kindNames.autoscaler, object)],
  namespace: (object) => [refOf(kindNames.namespace, object)],
  alert: (alert, world) => [subjectOfAlert(alert, world)],
  rate: ({ regarding }, { view }) => [knownSubject(regarding, view)],
  usage: (usage, { shelves, view }) => {
    const pod = shelves.pod.under('name', nameKey(usage.namespace, usage.name)).at(-1);
    return pod !== undefined && isFilling(usage, pod) ? [view.ownerOf(pod)] : [];
  },
  logs: ({ regarding }, { view }) => [knownSubject(regarding, view)],
  scaling: (scaling, { view }) => named('autoscaler', scaling, view),
  volumeUsage: (usage, { view }) => named('volumeClaim', usage, view),
  ingressClass: () => [],
  gatewayClass: () => [],
  storageClass: () => [],
  configMap: () => [],
};

/** The Job that a Job runs once more: how the copy ends is how it ends. */
function rerunBy({ namespace, rerunOf, owner }: JobView, view: ClusterView): ResourceRef[] {
  const former = rerunOf === undefined || owner !== undefined ? undefined : view.find('job', namespace, rerunOf);
  return former === undefined ? [] : [refOf('Job', former)];
}

/** Share of its limit from which a container's memory is worth a look of its own. */
const filling = 0.75;

function isFilling({ containers }: UsageView, pod: PodView): boolean {
  return containers.some(({ name, memory: [newest = 0] }) => {
    const limit = pod.containers.find((one) => one.name === name)?.memoryLimit ?? Infinity;
    return newest >= filling * limit;
  });
}

/** Measured by name: what has the name now, if anything. */
function named(kind: 'autoscaler' | 'volumeClaim', { namespace, name }: ObjectView, view: ClusterView): ResourceRef[] {
  const object = view.find(kind, namespace, name);
  return object === undefined ? [] : [refOf(kindNames[kind], object)];
}

/** Rates are counted by name: what has the name now. */
function knownSubject(ref: ResourceRef, view: ClusterView): ResourceRef {
  const uid = isWorkloadRef(ref) ? view.workload(ref)?.uid : view.find('node', '', ref.name)?.uid;
  return uid === undefined ? ref : { ...ref, uid };
}

export function subjectsOf<K extends ViewKind>({ kind, object }: Observation<K>, world: World): readonly ResourceRef[] {
  return rules[kind](object, world);
}

/** The kind of slim object that stands for a subject. What is unknown here owns pods. */
export function viewKindOf({ kind }: ResourceRef): ViewKind {
  const found = Object.entries(subjectKinds).find(([, names]) => names.includes(kind));
  return judged.find((one) => one === found?.[0]) ?? 'pod';
}

const subjectKinds: Readonly<Record<string, readonly string[]>> = {
  workload: workloadKinds,
  job: ['Job'],
  route: ['HTTPRoute', 'GRPCRoute'],
  alert: ['Alert'],
  webhooks: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  ...Object.fromEntries(Object.entries(kindNames).map(([view, name]) => [view, [name]])),
};

/** Kinds whose objects are looked at all together; Events and slices belong to what they are about. */
const judged = [
  'pod',
  'workload',
  'job',
  'cronJob',
  'node',
  'service',
  'ingress',
  'gateway',
  'route',
  'certificate',
  'webhooks',
  'volumeClaim',
  'disruptionBudget',
  'autoscaler',
  'namespace',
  'alert',
] as const satisfies readonly ViewKind[];

/** Everything that detectors judge; may name one twice. */
export function* allSubjects(world: World): Iterable<ResourceRef> {
  for (const kind of judged) yield* subjectsOfShelf(kind, world);
}

function* subjectsOfShelf<K extends ViewKind>(kind: K, world: World): Iterable<ResourceRef> {
  for (const object of world.shelves[kind].values()) {
    const [own] = rules[kind](object, world);
    if (own !== undefined) yield own;
  }
}

/** What an object that an Event names rolls up to. */
export function subjectOfEvent(ref: ResourceRef, { shelves, view }: World): ResourceRef {
  const { uid = '', namespace } = ref;
  if (ref.kind === 'Pod') {
    const pod = shelves.pod.get(uid);
    return pod === undefined ? ref : view.ownerOf(pod);
  }
  const owner = ref.kind === 'ReplicaSet' ? shelves.revision.get(uid)?.owner : shelves.job.get(uid)?.owner;
  return owner === undefined ? ref : ownerRef(namespace, owner);
}

/** Alerts name objects by their labels alone: whom such a name stands for, rolled up to what is judged. */
function subjectOfAlert({ regarding, host }: AlertView, world: World): ResourceRef {
  const node = nodeAt(host, world);
  return node === undefined ? knownRef(rollUp(regarding, world), world) : refOf('Node', node);
}

/** Whether an alert is about `ref`. Nodes are searched by address only where that decides. */
export function isTold({ regarding, host }: AlertView, ref: ResourceRef, world: World): boolean {
  const node = ref.kind === 'Node' && host !== undefined ? world.view.find('node', '', ref.name) : undefined;
  if (node !== undefined && host !== undefined) return isAt(host, node);
  return refKey(rollUp(regarding, world)) === refKey(ref) && nodeAt(host, world) === undefined;
}

function nodeAt(host: string | undefined, { shelves }: World): NodeView | undefined {
  return host === undefined ? undefined : [...shelves.node.values()].find((node) => isAt(host, node));
}

function isAt(host: string, { name, addresses }: NodeView): boolean {
  return host === name || addresses.includes(host);
}

function knownRef(ref: ResourceRef, { shelves, view }: World): ResourceRef {
  const { namespace, name } = ref;
  const object = isWorkloadRef(ref)
    ? view.workload(ref)
    : shelves[viewKindOf(ref)].under('name', nameKey(namespace, name)).at(-1);
  return object === undefined ? ref : { ...ref, uid: object.uid };
}

function rollUp(named: ResourceRef, world: World): ResourceRef {
  const { kind, namespace, name } = named;
  if (kind === 'Pod') {
    const pod = world.shelves.pod.under('name', nameKey(namespace, name)).at(-1);
    return pod === undefined ? workloadNamed(named, world) : world.view.ownerOf(pod);
  }
  if (kind === 'ReplicaSet') return workloadNamed(named, world);
  if (kind === 'Application') return workloadLabelled(named, world);
  if (kind !== 'Job') return named;
  const owner = world.view.find('job', namespace, name)?.owner;
  return owner === undefined ? named : ownerRef(namespace, owner);
}

/** The one workload that is called or labelled so; itself where there is none, or several. */
function workloadLabelled(named: ResourceRef, { view }: World): ResourceRef {
  const [only, ...others] = view.within('workload', named.namespace).filter(({ name, template: { labels } }) => {
    const names = [name, labels['app'], labels['app.kubernetes.io/name']];
    return names.includes(named.name);
  });
  return only === undefined || others.length > 0 ? named : refOf(only.kind, only);
}

/** What controllers append to a workload's name to name what they create. */
const suffixes: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Pod: {
    Deployment: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
    DaemonSet: /^-[a-z0-9]{5}$/,
    StatefulSet: /^-\d+$/,
  },
  ReplicaSet: { Deployment: /^-[a-z0-9]{1,10}$/ },
};

/** The workload that a pod or ReplicaSet no longer known was named after; itself where there is none. */
function workloadNamed(named: ResourceRef, { view }: World): ResourceRef {
  const [parent] = view
    .within('workload', named.namespace)
    .filter(
      (workload) =>
        named.name.startsWith(workload.name) &&
        suffixes[named.kind]?.[workload.kind]?.test(named.name.slice(workload.name.length)) === true,
    )
    .toSorted((a, b) => b.name.length - a.name.length);
  return parent === undefined ? named : refOf(parent.kind, parent);
}

/**
 * Where pods belong that name this as their owner: to itself, to something above it, or to what cannot be told yet, because what stands
 * between (a Deployment's ReplicaSet, a Job) has not been seen although its kind has.
 */
export type Place = 'own' | 'above' | 'awaited';

export function placeOf(ref: ResourceRef, { shelves, view }: World): Place {
  const { kind, namespace, uid = '' } = ref;
  if (kind !== 'ReplicaSet' && kind !== 'Job') return 'own';
  const between = kind === 'Job' ? shelves.job.get(uid) : shelves.revision.get(uid);
  if (between !== undefined) return between.owner === undefined ? 'own' : 'above';
  if (!view.knows(kind === 'Job' ? 'job' : 'revision', namespace)) return 'own';
  // Without the hash it is nobody's revision and will never be seen as one.
  const isExpected = shelves.pod.under('owner', uid).some((pod) => kind === 'Job' || pod.revisionHash !== undefined);
  return isExpected ? 'awaited' : 'own';
}

function routesIn(namespace: string, { view }: World): ResourceRef[] {
  return [
    ...view.within('ingress', namespace).map((ingress) => refOf(kindNames.ingress, ingress)),
    ...view.within('route', namespace).map((route) => refOf(route.kind, route)),
    ...view.within('gateway', namespace).map((gateway) => refOf(kindNames.gateway, gateway)),
  ];
}

function refOf(kind: string, { namespace, name, uid }: ObjectView): ResourceRef {
  return { kind, namespace, name, uid };
}

export function ownerRef(namespace: string, { kind, name, uid }: OwnerRef): ResourceRef {
  return { kind, namespace, name, uid };
}
