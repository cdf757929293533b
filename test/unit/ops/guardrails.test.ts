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
import { ruleOn } from '../../../src/ops/judge.ts';
import { aCase, calm, key, plan, policy } from '../../support/guardrail-case.ts';
import { checkout, minutes, now } from '../../support/views.ts';

function tried(...minutesAgo: readonly number[]): { known: Attempt[] } {
  const known = minutesAgo.map((ago, index) => ({
    at: now - ago * minutes,
    namespace: 'shop',
    key,
    executionId: `${index}`,
  }));
  return { known: known.toSorted((a, b) => a.at - b.at) };
}

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
  [
    'kube-system',
    protectedNamespaces,
    { plan: { ...plan, target: { ...checkout, namespace: 'kube-system' } } },
    'deny',
    /protected/,
  ],
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
          if (verdict.answer === 'allow') done.push({ at, namespace: 'shop', key, executionId: String(at) });
        }
        const inWindow = (end: number): number =>
          done.filter((one) => one.at > end - policy.attempts.windowMs && one.at <= end).length;
        return done.every((one) => inWindow(one.at) <= policy.attempts.max);
      }),
    );
  });
});
