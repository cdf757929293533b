import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/core/ports/ledger.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { Case, Guardrail } from '../../../src/ops/guardrail.ts';
import { attempts, backoffMs } from '../../../src/ops/guardrails/attempts.ts';
import { autonomy } from '../../../src/ops/guardrails/autonomy.ts';
import { budget } from '../../../src/ops/guardrails/budget.ts';
import { guardrails } from '../../../src/ops/guardrails/index.ts';
import { killSwitch } from '../../../src/ops/guardrails/kill-switch.ts';
import { protectedNamespaces } from '../../../src/ops/guardrails/protected-namespaces.ts';
import { rolloutInProgress } from '../../../src/ops/guardrails/rollout-in-progress.ts';
import { twoPersons } from '../../../src/ops/guardrails/two-persons.ts';
import { ruleOn } from '../../../src/ops/judge.ts';
import { aCase, calm, plan, policy, tally } from '../../support/guardrail-case.ts';
import { minutes, now } from '../../support/views.ts';

function aTry(minutesAgo: number): Attempt {
  return { at: now - minutesAgo * minutes, namespaces: ['shop'], ...tally, executionId: `${minutesAgo}` };
}

function tried(...minutesAgo: readonly number[]): { known: Attempt[] } {
  return { known: minutesAgo.map(aTry).toSorted((a, b) => a.at - b.at) };
}

const node = { kind: 'Node', namespace: '', name: 'node-1' };
const drain = { plan: { ...plan, target: node, risk: 'low' }, namespaces: ['', 'shop', 'pay'] } as const;

const byPerson = { origin: { surface: 'slash', user: 'U1' } } as const;
const unreadable = { unreadable: 'Redis does not answer' };

describe.each<[string, Guardrail, Partial<Case>, Verdict['answer'], RegExp]>([
  ['the switch is off', killSwitch, {}, 'allow', /off/],
  [
    'the switch is engaged',
    killSwitch,
    { killSwitch: { known: { engaged: true, by: 'ana', at: now, reason: 'release day' } } },
    'deny',
    /paused by ana \(release day\)/,
  ],
  ['the switch cannot be read', killSwitch, { killSwitch: unreadable }, 'deny', /counts as engaged/],
  [
    'a person asks while the switch is engaged',
    killSwitch,
    { ...byPerson, killSwitch: unreadable },
    'deny',
    /counts as engaged/,
  ],
  ['an ordinary namespace', protectedNamespaces, {}, 'allow', /not protected/],
  ['kube-system', protectedNamespaces, { namespaces: ['', 'kube-system'] }, 'deny', /protected/],
  ['auto and low risk', autonomy, {}, 'allow', /auto in shop/],
  ['auto and medium risk', autonomy, { plan: { ...plan, risk: 'medium' } }, 'needs-approval', /risk is medium/],
  ['auto, but a person asks', autonomy, byPerson, 'needs-approval', /a person confirms/],
  ['auto, but a model asks', autonomy, { origin: { surface: 'ai' } }, 'needs-approval', /model/],
  ['suggest', autonomy, { policy: { ...policy, autonomy: 'suggest' } }, 'needs-approval', /a person decides/],
  ['observe', autonomy, { policy: { ...policy, autonomy: 'observe' } }, 'deny', /only reports/],
  [
    'a person where it only observes',
    autonomy,
    { ...byPerson, policy: { ...policy, autonomy: 'observe' } },
    'deny',
    /only reports/,
  ],
  [
    'a rule for the namespace',
    autonomy,
    { policy: { ...policy, rules: [{ namespaces: ['sh*'], actions: ['*'], autonomy: 'suggest' }] } },
    'needs-approval',
    /suggest/,
  ],
  [
    'a rule for another action',
    autonomy,
    { policy: { ...policy, rules: [{ namespaces: ['*'], actions: ['restart-workload'], autonomy: 'observe' }] } },
    'allow',
    /auto/,
  ],
  [
    'a node whose pods belong to a namespace that only observes',
    autonomy,
    { ...drain, policy: { ...policy, rules: [{ namespaces: ['pay'], actions: ['*'], autonomy: 'observe' }] } },
    'deny',
    /observe in pay/,
  ],
  [
    'a node whose pods belong to a namespace that wants two people',
    twoPersons,
    {
      plan: { ...plan, target: node, affects: [{ kind: 'Deployment', namespace: 'pay', name: 'till' }] },
      policy: { ...policy, approval: { byRequester: true, twoPersons: { namespaces: ['pay'], risks: [] } } },
    },
    'needs-approval',
    /Two different people/,
  ],
  [
    'a node whose pods belong to a namespace without budget',
    budget,
    { ...drain, attempts: { known: [5, 6].map((ago) => ({ ...aTry(ago), namespaces: ['pay'] })) } },
    'deny',
    /pay is used up/,
  ],
  [
    'a node with pods of what is rolled out',
    rolloutInProgress,
    { ...drain, endsRollout: false, workload: { known: undefined }, affected: { known: [{ ...calm, updated: 1 }] } },
    'deny',
    /rollout of shop\/checkout/,
  ],
  [
    'a node whose workloads cannot be read',
    rolloutInProgress,
    { ...drain, workload: { known: undefined }, affected: unreadable },
    'needs-approval',
    /cannot be read/,
  ],
  ['nothing tried', attempts, {}, 'allow', /Nothing was tried/],
  ['tried just now', attempts, { attempts: tried(0.5) }, 'deny', /Attempt 2 of 3 waits/],
  ['the back-off has passed', attempts, { attempts: tried(2) }, 'allow', /Attempt 2 of 3/],
  ['the second wait is longer', attempts, { attempts: tried(10, 1.5) }, 'deny', /Attempt 3 of 3 waits/],
  ['tried as often as allowed', attempts, { attempts: tried(50, 30, 20) }, 'deny', /Tried 3 times/],
  [
    'a person asks once more',
    attempts,
    { ...byPerson, attempts: tried(50, 30, 20) },
    'needs-approval',
    /a person decides/,
  ],
  [
    'what a person did without an incident counts too',
    attempts,
    { attempts: { known: [{ ...aTry(0.5), cause: 'requested-change' }] } },
    'deny',
    /Attempt 2 of 3 waits/,
  ],
  ['another cause', attempts, { attempts: { known: [{ ...aTry(0.5), cause: 'oom-loop' }] } }, 'allow', /Nothing/],
  [
    'whatever the cause, all day',
    attempts,
    { attempts: { known: [20, 16, 12, 8, 4, 2].map((hours) => ({ ...aTry(hours * 60), cause: `${hours}` })) } },
    'deny',
    /6 times within a day/,
  ],
  ['another workload', attempts, { attempts: { known: [{ ...aTry(0.5), subject: 'x' }] } }, 'allow', /Nothing/],
  ['attempts cannot be read', attempts, { attempts: unreadable }, 'needs-approval', /cannot be read/],
  ['budget left', budget, { attempts: tried(5) }, 'allow', /1 of 4/],
  ['the namespace has used its budget', budget, { attempts: tried(5, 6) }, 'deny', /shop is used up/],
  ['the budget of an hour ago is free again', budget, { attempts: tried(61, 62, 63) }, 'allow', /0 of 4/],
  ['the budget cannot be read', budget, { attempts: unreadable }, 'needs-approval', /cannot be read/],
  ['no rollout', rolloutInProgress, { endsRollout: false }, 'allow', /No rollout/],
  ['a rollout that this ends', rolloutInProgress, { workload: { known: { ...calm, updated: 1 } } }, 'allow', /ends it/],
  [
    'a rollout that this disturbs',
    rolloutInProgress,
    { endsRollout: false, workload: { known: { ...calm, observedGeneration: 1 } } },
    'deny',
    /outcome comes first/,
  ],
  ['the workload is gone', rolloutInProgress, { workload: { known: undefined } }, 'deny', /does not exist/],
  ['the workload cannot be read', rolloutInProgress, { workload: unreadable }, 'needs-approval', /cannot be read/],
])('%s', (_case, guardrail, overrides, answer, reason) => {
  it(`${guardrail.id}: ${answer}`, () => {
    const verdict = guardrail.judge(aCase(overrides));
    expect(verdict.answer).toBe(answer);
    expect(verdict.reason).toMatch(reason);
  });
});

describe('the rulings together', () => {
  it('take the strictest', () => {
    expect(ruleOn(aCase(), guardrails).verdict.answer).toBe('allow');
    expect(ruleOn(aCase({ plan: { ...plan, risk: 'high' } }), guardrails).verdict.answer).toBe('needs-approval');
    expect(ruleOn(aCase({ plan: { ...plan, risk: 'high' }, killSwitch: unreadable }), guardrails).verdict.answer).toBe(
      'deny',
    );
  });

  it('deny when a guardrail fails, and when there is none', () => {
    const broken: Guardrail = {
      id: 'broken',
      promise: '',
      judge() {
        throw new Error('bug');
      },
    };
    expect(ruleOn(aCase(), [...guardrails, broken]).verdict).toMatchObject({
      answer: 'deny',
      reason: expect.stringContaining('broken'),
    });
    expect(ruleOn(aCase(), []).verdict.answer).toBe('deny');
  });

  it('never allow anything automatic while a fact is unreadable, whatever the rest says', () => {
    const facts = ['killSwitch', 'attempts', 'workload'] as const;
    fc.assert(
      fc.property(
        fc.subarray([...facts], { minLength: 1 }),
        fc.constantFrom('low', 'medium', 'high' as const),
        (missing, risk) => {
          const holes = Object.fromEntries(missing.map((fact) => [fact, unreadable]));
          return ruleOn(aCase({ plan: { ...plan, risk }, ...holes }), guardrails).verdict.answer !== 'allow';
        },
      ),
    );
  });
});

describe('the back-off', () => {
  it('doubles from its base and never exceeds the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        const wait = backoffMs(policy.attempts, count);
        return wait <= policy.attempts.windowMs && wait >= backoffMs(policy.attempts, count - 1);
      }),
    );
    expect([1, 2, 3].map((count) => backoffMs(policy.attempts, count))).toEqual([minutes, 2 * minutes, 4 * minutes]);
  });

  it('lets at most max attempts through in any window, however often it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 20, maxLength: 200 }), (steps) => {
        const done: Attempt[] = [];
        let at = now;
        for (const step of steps) {
          at += step * minutes;
          const verdict = attempts.judge(aCase({ now: at, attempts: { known: done } }));
          if (verdict.answer === 'allow') done.push({ at, namespaces: ['shop'], ...tally, executionId: String(at) });
        }
        const inWindow = (end: number): number =>
          done.filter((one) => one.at > end - policy.attempts.windowMs && one.at <= end).length;
        return done.every((one) => inWindow(one.at) <= policy.attempts.max);
      }),
    );
  });
});
