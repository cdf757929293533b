import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/core/policy.ts';
import type { Attempt } from '../../../src/core/ports/ledger.ts';
import type { Case } from '../../../src/ops/guardrail.ts';
import { guardrails } from '../../../src/ops/guardrails/index.ts';
import { ruleOn } from '../../../src/ops/judge.ts';
import { verifyWorkload } from '../../../src/ops/workload/measurement.ts';
import { compareTraffic } from '../../../src/ops/workload/traffic.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { aCase, calm, plan, policy, tally } from '../../support/guardrail-case.ts';
import { minutes, now } from '../../support/views.ts';

/** A setting nobody reads is a promise nobody keeps: each is shown to change what is decided. */
interface Effect {
  readonly one: Partial<Policy>;
  readonly other: Partial<Policy>;
  readonly decides: (policy: Policy) => unknown;
}

const rule =
  (overrides: Partial<Case> = {}) =>
  (given: Policy): unknown =>
    ruleOn(aCase({ ...overrides, policy: given }), guardrails).verdict.answer;

const asking = (asks: NonNullable<typeof plan.asks>): Partial<Case> => ({ plan: { ...plan, asks } });
const past = (count: number, ago: number, cause = tally.cause): Partial<Case> => ({
  attempts: {
    known: Array.from({ length: count }, (_, index): Attempt => {
      const at = now - (ago + index) * minutes;
      return { at, namespaces: ['elsewhere'], subject: tally.subject, cause, executionId: `${index}` };
    }),
  },
});
const elsewhere = (count: number): Partial<Case> => ({
  attempts: {
    known: Array.from({ length: count }, (_, index) => ({
      at: now - 5 * minutes,
      namespaces: [index === 0 ? 'shop' : 'other'],
      subject: 'x',
      cause: 'y',
      executionId: `${index}`,
    })),
  },
});

const bounds = (change: Partial<Policy['bounds']>) => ({ bounds: { ...policy.bounds, ...change } });
const attempts = (change: Partial<Policy['attempts']>) => ({ attempts: { ...policy.attempts, ...change } });
const budget = (change: Partial<Policy['budget']>) => ({ budget: { ...policy.budget, ...change } });
const verification = (change: Partial<Policy['verification']>) => ({
  verification: { ...policy.verification, ...change },
});

function verdictAfter(ms: number, stable: boolean) {
  const measured = { at: now, desired: 1, ready: 1, restarts: 0, findings: [], rolledOut: true, replaced: true };
  const after = { ...measured, stableSince: stable ? now : null };
  return (given: Policy): unknown => {
    const world = createDeskWorld({ policy: given });
    return verifyWorkload({ plan, before: after, after, appliedAt: now, now: now + ms }, world.ops).settled;
  };
}

const raised = { ...calm, annotations: { 'lifeguard.dev/memory-raises': '2' } };

const effects: Readonly<Record<string, Effect>> = {
  autonomy: { one: { autonomy: 'auto' }, other: { autonomy: 'suggest' }, decides: rule() },
  rules: {
    one: { rules: [] },
    other: { rules: [{ namespaces: ['shop'], actions: ['*'], autonomy: 'observe' }] },
    decides: rule(),
  },
  protectedNamespaces: { one: { protectedNamespaces: [] }, other: { protectedNamespaces: ['shop'] }, decides: rule() },
  maxAutoRisk: {
    one: { maxAutoRisk: 'low' },
    other: { maxAutoRisk: 'high' },
    decides: rule({ plan: { ...plan, risk: 'medium' } }),
  },
  'approval.twoPersons': {
    one: {},
    other: { approval: { byRequester: true, twoPersons: { namespaces: [], risks: ['low'] } } },
    decides: rule(),
  },
  'attempts.max': { one: attempts({ max: 3 }), other: attempts({ max: 2 }), decides: rule(past(2, 20)) },
  'attempts.daily': { one: attempts({ daily: 6 }), other: attempts({ daily: 2 }), decides: rule(past(2, 90)) },
  'attempts.backoffMs': {
    one: attempts({ backoffMs: minutes }),
    other: attempts({ backoffMs: 10 * minutes }),
    decides: rule(past(1, 5)),
  },
  'attempts.windowMs': {
    one: attempts({ windowMs: 60 * minutes }),
    other: attempts({ windowMs: 10 * minutes }),
    decides: rule(past(3, 20)),
  },
  'budget.cluster': { one: budget({ cluster: 3 }), other: budget({ cluster: 2 }), decides: rule(elsewhere(2)) },
  'budget.namespace': { one: budget({ namespace: 2 }), other: budget({ namespace: 1 }), decides: rule(elsewhere(1)) },
  'budget.windowMs': {
    one: budget({ namespace: 1 }),
    other: budget({ namespace: 1, windowMs: minutes }),
    decides: rule(elsewhere(1)),
  },
  'bounds.replicas': {
    one: bounds({ replicas: 5 }),
    other: bounds({ replicas: 4 }),
    decides: rule(asking({ replicas: 5 })),
  },
  'bounds.cpu': { one: bounds({ cpu: 2 }), other: bounds({ cpu: 1 }), decides: rule(asking({ cpu: 2 })) },
  'bounds.memory': { one: bounds({ memory: 2 }), other: bounds({ memory: 1 }), decides: rule(asking({ memory: 2 })) },
  'bounds.storage': {
    one: bounds({ storage: 2 }),
    other: bounds({ storage: 1 }),
    decides: rule(asking({ storage: 2 })),
  },
  'bounds.nodesOut': {
    one: bounds({ nodesOut: 0.3 }),
    other: bounds({ nodesOut: 0.2 }),
    decides: rule(asking({ nodes: 1 })),
  },
  'bounds.memoryRaises': {
    one: bounds({ memoryRaises: 3 }),
    other: bounds({ memoryRaises: 2 }),
    decides: rule({ actionId: 'set-resources', workload: { known: raised }, holder: { known: raised } }),
  },
  'storm.incidents': { one: { storm: { incidents: 1 } }, other: { storm: { incidents: 0 } }, decides: rule() },
  'verification.stableForMs': {
    one: verification({ stableForMs: 10_000 }),
    other: verification({ stableForMs: 30_000 }),
    decides: verdictAfter(15_000, true),
  },
  'verification.deadlineMs': {
    one: verification({ deadlineMs: 10_000 }),
    other: verification({ deadlineMs: 30_000 }),
    decides: verdictAfter(15_000, false),
  },
  'verification.traffic': {
    one: verification({ traffic: { tolerance: 0.2 } }),
    other: verification({ traffic: { tolerance: 3 } }),
    decides: ({ verification: { traffic } }) =>
      compareTraffic({ errorRate: 0.1, latency: null }, { errorRate: 0.2, latency: null }, traffic).verdict,
  },
};

/** Shown elsewhere: they need a clock, a person or a worker. */
const shownElsewhere = ['approvalExpiresMs', 'approval.byRequester', 'verification.everyMs'];

describe('every setting of the policy', () => {
  it.each(Object.entries(effects))('%s', (_name, { one, other, decides }) => {
    expect(decides({ ...policy, ...one })).not.toEqual(decides({ ...policy, ...other }));
  });

  it('is looked at', () => {
    const nested = new Set(['approval', 'attempts', 'budget', 'bounds', 'storm', 'verification']);
    const names = Object.entries(policy).flatMap(([name, value]) =>
      nested.has(name) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
    );
    expect(names.toSorted()).toEqual([...Object.keys(effects), ...shownElsewhere].toSorted());
  });
});
