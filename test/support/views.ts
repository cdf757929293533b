import type { ResourceRef } from '../../src/core/resource-ref.ts';
import type { Observation } from '../../src/core/signal.ts';
import type { ViewKind, ViewTypes } from '../../src/core/view.ts';
import type { AutoscalerView, NodeView } from '../../src/core/views/capacity.ts';
import type { EventView } from '../../src/core/views/event.ts';
import type { IngressView, ServiceView } from '../../src/core/views/network.ts';
import type { ContainerView, PodView, Termination } from '../../src/core/views/pod.ts';
import type { RevisionView, WorkloadView } from '../../src/core/views/workload.ts';
import { createClusterView, type LiveView } from '../../src/signals/cluster-view.ts';

/** The moment at which views built here are looked at. */
export const now = Date.parse('2026-03-02T10:00:00Z');
export const seconds = 1000;
export const minutes = 60_000;

export const checkout: ResourceRef = { kind: 'Deployment', namespace: 'shop', name: 'checkout', uid: 'uid-checkout' };

export function aTermination(overrides: Partial<Termination> = {}): Termination {
  return { exitCode: 1, reason: 'Error', startedAt: now - 12 * seconds, finishedAt: now - 10 * seconds, ...overrides };
}

export function aContainer(overrides: Partial<ContainerView> = {}): ContainerView {
  return {
    name: 'app',
    role: 'main',
    image: 'shop/checkout:1.0.1',
    ready: true,
    started: true,
    restarts: 0,
    state: { phase: 'running', startedAt: now - 10 * minutes },
    ...overrides,
  };
}

/** A container that crashed so often and waits for its next restart. */
export function aCrashingContainer(crashes: number, overrides: Partial<ContainerView> = {}): ContainerView {
  const state = { phase: 'waiting', reason: 'CrashLoopBackOff' } as const;
  return aContainer({ ready: false, restarts: crashes - 1, state, last: aTermination(), ...overrides });
}

export function aPod(overrides: Partial<PodView> = {}): PodView {
  const containers = overrides.containers ?? [aContainer()];
  return {
    uid: `uid-${overrides.name ?? 'checkout-2-a'}`,
    namespace: 'shop',
    name: 'checkout-2-a',
    phase: 'Running',
    requests: { cpu: 0.1, memory: 64 * 2 ** 20 },
    ready: containers.every((container) => container.ready),
    createdAt: now - 30 * seconds,
    restartPolicy: 'Always',
    owner: { kind: 'ReplicaSet', name: 'checkout-2', uid: 'uid-checkout-2' },
    ...overrides,
    containers,
  };
}

export function aWorkload(overrides: Partial<WorkloadView> = {}): WorkloadView {
  return {
    kind: 'Deployment',
    uid: 'uid-checkout',
    namespace: 'shop',
    name: 'checkout',
    createdAt: now - 24 * 60 * minutes,
    generation: 2,
    observedGeneration: 2,
    desired: 1,
    ready: 1,
    updated: 1,
    available: 1,
    paused: false,
    strategy: 'RollingUpdate',
    conditions: [],
    template: { labels: { app: 'checkout' }, containers: [{ name: 'app', ports: [], probes: {} }] },
    annotations: {},
    ...overrides,
  };
}

export function aRevision(revision: number, overrides: Partial<RevisionView> = {}): RevisionView {
  return {
    uid: `uid-checkout-${revision}`,
    namespace: 'shop',
    name: `checkout-${revision}`,
    owner: { kind: 'Deployment', name: 'checkout', uid: 'uid-checkout' },
    revision,
    createdAt: now - (revision === 1 ? 24 * 60 * minutes : 40 * seconds),
    reused: false,
    containers: [{ name: 'app', image: `shop/checkout:1.0.${revision - 1}`, env: {}, command: '', resources: {} }],
    ...overrides,
  };
}

export function anEvent(overrides: Partial<EventView> = {}): EventView {
  return {
    uid: 'uid-event',
    namespace: 'shop',
    name: 'checkout.1',
    createdAt: now - minutes,
    regarding: checkout,
    type: 'Warning',
    reason: 'BackOff',
    note: 'Back-off restarting failed container',
    count: 1,
    lastSeen: now - minutes,
    ...overrides,
  };
}

/** Everything of a kind, given as the whole list of it; what is not given is not known. */
export type ViewParts = { readonly [K in ViewKind]?: readonly ViewTypes[K][] };

/** A view that holds these, first listed at `time`. The checkout with two revisions unless said otherwise. */
export function viewOf(parts: ViewParts, time = now): LiveView {
  const view = createClusterView(() => time);
  const given: ViewParts = { workload: [aWorkload()], revision: [aRevision(1), aRevision(2)], pod: [], ...parts };
  view.apply({ type: 'listed', stream: { name: 'given', kind: 'pod' }, observations: observationsOf(given) });
  for (const kind of kinds.filter((one) => given[one] !== undefined)) {
    view.apply({ type: 'listed', stream: { name: `no more of ${kind}`, kind }, observations: [] });
  }
  return view;
}

/** The object goes, at the time of the view. */
export function takeAway(view: LiveView, observation: Observation): void {
  view.apply({ type: 'gone', stream: { name: 'given', kind: 'pod' }, observation });
}

function observationsOf(parts: ViewParts): readonly Observation[] {
  return [
    ...of('pod', parts.pod),
    ...of('workload', parts.workload),
    ...of('revision', parts.revision),
    ...of('job', parts.job),
    ...of('cronJob', parts.cronJob),
    ...of('node', parts.node),
    ...of('event', parts.event),
    ...of('service', parts.service),
    ...of('endpoints', parts.endpoints),
    ...of('ingress', parts.ingress),
    ...of('ingressClass', parts.ingressClass),
    ...of('gateway', parts.gateway),
    ...of('gatewayClass', parts.gatewayClass),
    ...of('route', parts.route),
    ...of('certificate', parts.certificate),
    ...of('webhooks', parts.webhooks),
    ...of('volumeClaim', parts.volumeClaim),
    ...of('storageClass', parts.storageClass),
    ...of('disruptionBudget', parts.disruptionBudget),
    ...of('autoscaler', parts.autoscaler),
    ...of('namespace', parts.namespace),
    ...of('configMap', parts.configMap),
    ...of('alert', parts.alert),
    ...of('rate', parts.rate),
    ...of('usage', parts.usage),
    ...of('scaling', parts.scaling),
    ...of('volumeUsage', parts.volumeUsage),
    ...of('logs', parts.logs),
  ];
}

function of<K extends ViewKind>(kind: K, objects: readonly ViewTypes[K][] = []): readonly Observation<K>[] {
  return objects.map((object) => ({ kind, object }));
}

const kinds = [
  'pod',
  'workload',
  'revision',
  'job',
  'cronJob',
  'node',
  'event',
  'service',
  'endpoints',
  'ingress',
  'ingressClass',
  'gateway',
  'gatewayClass',
  'route',
  'certificate',
  'webhooks',
  'volumeClaim',
  'storageClass',
  'disruptionBudget',
  'autoscaler',
  'namespace',
  'configMap',
  'alert',
  'rate',
  'usage',
  'scaling',
  'volumeUsage',
  'logs',
] as const satisfies readonly ViewKind[];

export function aNode(overrides: Partial<NodeView> = {}): NodeView {
  return {
    uid: `uid-${overrides.name ?? 'node-1'}`,
    namespace: '',
    name: 'node-1',
    createdAt: now - 24 * 60 * minutes,
    ready: true,
    unschedulable: false,
    conditions: [],
    addresses: [],
    allocatable: { cpu: 4, memory: 8 * 2 ** 30, pods: 110 },
    ...overrides,
  };
}

/** Sends to the pods of the checkout. */
export function aService(overrides: Partial<ServiceView> = {}): ServiceView {
  return {
    uid: `uid-service-${overrides.name ?? 'checkout'}`,
    namespace: 'shop',
    name: 'checkout',
    createdAt: now - 24 * 60 * minutes,
    type: 'ClusterIP',
    selector: { app: 'checkout' },
    ports: [{ port: 80, targetPort: 8080 }],
    publishNotReady: false,
    headless: false,
    addresses: [],
    annotations: {},
    ...overrides,
  };
}

/** Routes to the Service of the checkout. */
export function anIngress(overrides: Partial<IngressView> = {}): IngressView {
  return {
    uid: `uid-ingress-${overrides.name ?? 'front'}`,
    namespace: 'shop',
    name: 'front',
    createdAt: now - 24 * 60 * minutes,
    taken: true,
    backends: [{ namespace: 'shop', service: 'checkout', port: 80, path: 'shop.local/' }],
    tlsSecrets: [],
    ...overrides,
  };
}

/** Scales the checkout. */
export function anAutoscaler(overrides: Partial<AutoscalerView> = {}): AutoscalerView {
  return {
    uid: `uid-autoscaler-${overrides.name ?? 'checkout'}`,
    namespace: 'shop',
    name: 'checkout',
    createdAt: now - 24 * 60 * minutes,
    target: { kind: 'Deployment', name: 'checkout' },
    min: 1,
    max: 5,
    current: 1,
    desired: 1,
    conditions: [],
    ...overrides,
  };
}
