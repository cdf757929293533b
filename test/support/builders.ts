import type { Measurement, Plan, Verification } from '../../src/core/action.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { Execution } from '../../src/core/execution.ts';
import type { Finding, Release } from '../../src/core/finding.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import { checkout, minutes, now, seconds } from './views.ts';

/** Nouns of the core with sensible values: one bad release of `shop/checkout`. Override what the test is about. */

export function aRelease(overrides: Partial<Release> = {}): Release {
  return {
    fromRevision: 1,
    toRevision: 2,
    at: now - 40 * seconds,
    changes: ['image of app: shop/checkout:1.0.0 -> shop/checkout:1.0.1'],
    ...overrides,
  };
}

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    detector: 'crash-loop',
    kind: 'crash-loop',
    subject: checkout,
    severity: 'critical',
    title: 'crash loop',
    cause: 'Container app exits with code 1 after 2 s.\nIt began 20 s after revision 2 was released.',
    since: now - 20 * seconds,
    occurrences: 2,
    affectedPods: 3,
    totalPods: 3,
    exemplar: { pod: 'checkout-2-a', container: 'app', previous: true },
    release: aRelease(),
    ...overrides,
  };
}

export function anEvidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    id: 'E1',
    kind: 'log',
    source: 'log of shop/checkout-2-a, container app, the run that crashed',
    text: 'starting\nFATAL cannot reach payments',
    ...overrides,
  };
}

export function anIncident(overrides: Partial<Incident> = {}): Incident {
  const finding = aFinding();
  return {
    id: 'inc-k3v9x2m1',
    version: 1,
    fingerprint: 'fingerprint-1',
    cluster: 'prod-eu',
    subject: finding.subject,
    kind: finding.kind,
    severity: finding.severity,
    title: 'shop/checkout: crash loop',
    cause: finding.cause,
    state: 'open',
    escalated: false,
    executing: false,
    finding,
    holds: true,
    related: [],
    silences: [],
    evidence: [],
    timeline: [{ at: now, kind: 'opened', text: finding.cause }],
    proposalIds: [],
    occurrences: finding.occurrences,
    reopened: 0,
    openedAt: now,
    updatedAt: now,
    ...overrides,
  };
}

export function aPlan(overrides: Partial<Plan> = {}): Plan {
  return {
    target: checkout,
    summary:
      'Roll back Deployment shop/checkout from revision 2 to revision 1 (image of app: shop/checkout:1.0.1 -> shop/checkout:1.0.0).',
    blastRadius: '3 pods, replaced step by step. Revision 1 was seen healthy.',
    risk: 'low',
    diff: '-        image: shop/checkout:1.0.1\n+        image: shop/checkout:1.0.0',
    patch: [],
    inverse: [],
    undo: 'If it does not help, revision 2 is put back, unless somebody changed the workload since.',
    basis: 'basis-1',
    ...overrides,
  };
}

export function aProposal(overrides: Partial<Proposal> = {}): Proposal {
  return {
    id: 'p000000000000001',
    version: 1,
    incidentId: 'inc-k3v9x2m1',
    actionId: 'rollback-workload',
    params: {},
    plan: aPlan(),
    reason: 'The crashes began with revision 2.',
    origin: { surface: 'auto' },
    state: 'awaiting-approval',
    rulings: [
      { guardrail: 'kill-switch', verdict: { answer: 'allow', reason: 'The kill switch is off.' } },
      {
        guardrail: 'autonomy',
        verdict: {
          answer: 'needs-approval',
          reason: 'rollback-workload is set to suggest in shop: a person decides.',
        },
      },
    ],
    createdAt: now + seconds,
    expiresAt: now + 30 * minutes,
    ...overrides,
  };
}

export function aMeasurement(overrides: Partial<Measurement> = {}): Measurement {
  return {
    at: now,
    desired: 3,
    ready: 0,
    restarts: 6,
    findings: ['crash-loop'],
    rolledOut: false,
    replaced: true,
    stableSince: null,
    ...overrides,
  };
}

/** What is measured of the same workload once it is well. */
export function aHealthyMeasurement(overrides: Partial<Measurement> = {}): Measurement {
  return aMeasurement({
    ready: 3,
    restarts: 0,
    findings: [],
    rolledOut: true,
    stableSince: now + minutes,
    ...overrides,
  });
}

function aVerification(overrides: Partial<Verification> = {}): Verification {
  return { verdict: 'improved', settled: true, sentence: 'Ready 3/3, no crash for 30 s.', ...overrides };
}

/** A run that has just begun. */
export function anExecution(overrides: Partial<Execution> = {}): Execution {
  return {
    id: 'p000000000000001',
    version: 1,
    incidentId: 'inc-k3v9x2m1',
    actionId: 'rollback-workload',
    phase: 'rechecking',
    startedAt: now + 2 * minutes,
    ...overrides,
  };
}

/** A run that helped, with its proof. */
export function aProvenExecution(overrides: Partial<Execution> = {}): Execution {
  return anExecution({
    phase: 'proven',
    plan: aPlan(),
    before: aMeasurement(),
    after: aHealthyMeasurement(),
    verification: aVerification(),
    appliedAt: now + 2 * minutes + seconds,
    finishedAt: now + 3 * minutes,
    outcome: 'Ready 3/3, no crash for 30 s.',
    ...overrides,
  });
}
