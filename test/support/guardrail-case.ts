import type { Plan } from '../../src/core/action.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Workload } from '../../src/core/ports/workloads.ts';
import type { Case } from '../../src/ops/guardrail.ts';
import { checkout, minutes, now } from './views.ts';

export const policy: Policy = {
  autonomy: 'auto',
  rules: [],
  protectedNamespaces: ['kube-system'],
  maxAutoRisk: 'low',
  approvalExpiresMs: 30 * minutes,
  approval: { byRequester: true, twoPersons: { namespaces: [], risks: [] } },
  attempts: { max: 3, daily: 6, backoffMs: minutes, windowMs: 60 * minutes },
  budget: { cluster: 4, namespace: 2, windowMs: 60 * minutes },
  bounds: { replicas: 10, cpu: 4, memory: 2 ** 32, memoryRaises: 2, storage: 2 ** 40, nodesOut: 0.34 },
  storm: { incidents: 5 },
  verification: { stableForMs: 30_000, deadlineMs: 300_000, everyMs: 2_000, traffic: { tolerance: 0.2 } },
};

export const plan: Plan = {
  target: checkout,
  summary: 'Roll back checkout.',
  blastRadius: '3 pods',
  risk: 'low',
  diff: '',
  patch: [],
  inverse: [],
  undo: '',
  basis: 'b',
};

/** Rolled out, though nothing of it is ready. */
export const calm: Workload = {
  ref: { kind: 'Deployment', namespace: 'shop', name: 'checkout', uid: 'uid-checkout' },
  generation: 2,
  observedGeneration: 2,
  desired: 3,
  ready: 0,
  updated: 3,
  available: 0,
  paused: false,
  annotations: {},
  labels: {},
  owner: undefined,
  template: {},
  revision: 2,
};

export const tally = { subject: 'Deployment shop/checkout', cause: 'crash-loop' };

/** Lifeguard wants to roll back a crash loop, and nothing speaks against it. */
export function aCase(overrides: Partial<Case> = {}): Case {
  return {
    actionId: 'rollback-workload',
    endsRollout: true,
    lasting: true,
    autoscaler: { known: undefined },
    verticalAutoscaler: { known: undefined },
    openIncidents: { known: 1 },
    nodes: { known: { total: 4, out: 0, busy: undefined } },
    podBudget: { known: undefined },
    reverted: { known: undefined },
    freeze: undefined,
    plan,
    origin: { surface: 'auto' },
    namespaces: ['shop'],
    tally,
    affected: { known: [] },
    now,
    policy,
    killSwitch: { known: { engaged: false } },
    rights: { known: undefined },
    attempts: { known: [] },
    workload: { known: calm },
    holder: { known: calm },
    capacity: { known: { largeEnough: true, roomOn: 'node-1' } },
    ...overrides,
  };
}
