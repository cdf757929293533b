import { describe, expect, it } from 'vitest';
import { disruptionBudget } from '../../../src/analysis/detectors/disruption-budget.ts';
import type { DisruptionBudgetView } from '../../../src/core/views/capacity.ts';
import { aCondition, aDisruptionBudget } from '../../support/capacity-views.ts';
import { minutes, now, viewOf } from '../../support/views.ts';

const detector = disruptionBudget.configure({});
const subject = { kind: 'PodDisruptionBudget', namespace: 'shop', name: 'checkout' };

function judge(budget: Partial<DisruptionBudgetView>) {
  return detector.evaluate({ subject, view: viewOf({ disruptionBudget: [aDisruptionBudget(budget)] }), now });
}

const refused = [aCondition('DisruptionAllowed', 'False', { reason: 'InsufficientPods' })];
const strict = { rule: 'minAvailable 3', desiredHealthy: 3, currentHealthy: 3, allowed: 0, conditions: refused };

const empty = { allowed: 0, expectedPods: 0, currentHealthy: 0, conditions: refused };

describe('fires', () => {
  it('when all pods are healthy and none may go', () => {
    const [finding] = judge(strict).findings;
    expect(finding).toMatchObject({ kind: 'budget-blocks', severity: 'warning', impact: 'node drains hang' });
    expect(finding?.since).toBe(now - 20 * minutes);
    expect(finding?.cause).toBe(
      'Its rule minAvailable 3 wants 3 healthy of 3 pods, so none may ever be evicted, though all of them are healthy. Draining a node with one of them hangs until somebody steps in.',
    );
  });

  it('when more must be healthy than there are', () => {
    expect(judge({ ...strict, desiredHealthy: 5, rule: 'minAvailable 5' }).findings[0]?.cause).toContain(
      'wants 5 healthy',
    );
  });

  it('when Kubernetes cannot compute it, with its words', () => {
    const message = 'found no controllers for pod "checkout-a"';
    const conditions = [aCondition('DisruptionAllowed', 'False', { reason: 'SyncFailed', message })];
    const [finding] = judge({ conditions, allowed: 0, currentHealthy: 0, expectedPods: 0 }).findings;
    expect(finding?.kind).toBe('budget-blocks');
    expect(finding?.cause).toContain(message);
  });

  it('as info when it matches nothing', () => {
    const [finding] = judge({ ...empty, selector: { app: 'chekcout' } }).findings;
    expect(finding).toMatchObject({ kind: 'budget-empty', severity: 'info' });
  });
});

describe('stays silent', () => {
  it('for some time, and looks again', () => {
    const conditions = [aCondition('DisruptionAllowed', 'False', { since: now - 4 * minutes })];
    expect(judge({ ...strict, conditions })).toEqual({ findings: [], recheckAt: now + 6 * minutes });
  });

  it.each<[string, Partial<DisruptionBudgetView>]>([
    ['because one pod is unhealthy', { allowed: 0, currentHealthy: 2, conditions: refused }],
    ['because pods of a strict one are unhealthy', { ...strict, currentHealthy: 2 }],
    ['of a workload that is scaled to zero', empty],
    ['of which nobody can tell what it is for', { ...empty, selector: undefined }],
    ['that allows one', { conditions: [aCondition('DisruptionAllowed', 'True')] }],
    ['that was not looked at yet', { ...strict, conditions: [] }],
    ['that is being deleted', { ...strict, deletion: { since: now, finalizers: [] } }],
  ])('on a budget %s', (_case, budget) => {
    expect(judge(budget)).toEqual({ findings: [] });
  });
});
