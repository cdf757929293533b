import type { ResourceRef } from '../../src/core/resource-ref.ts';
import type { Observation } from '../../src/core/signal.ts';
import type { ContainerView, PodView, RevisionView, Termination, WorkloadView } from '../../src/core/view.ts';
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
    ready: true,
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
    deleting: false,
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
    paused: false,
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

export function viewOf(parts: {
  readonly pods?: readonly PodView[];
  readonly workloads?: readonly WorkloadView[];
  readonly revisions?: readonly RevisionView[];
}): LiveView {
  const view = createClusterView();
  const observations: Observation[] = [
    ...(parts.workloads ?? [aWorkload()]).map((object): Observation => ({ kind: 'workload', object })),
    ...(parts.revisions ?? [aRevision(1), aRevision(2)]).map((object): Observation => ({ kind: 'revision', object })),
    ...(parts.pods ?? []).map((object): Observation => ({ kind: 'pod', object })),
  ];
  view.apply({ type: 'listed', source: 'test', observations });
  return view;
}
