import { z } from 'zod';
import type { Severity } from '../../core/finding.ts';
import { selects } from '../../core/label-selector.ts';
import type { ClusterView } from '../../core/view.ts';
import type { DisruptionBudgetView } from '../../core/views/capacity.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { judgeTroubles, quoteCondition } from '../object-finding.ts';

const DisruptionBudgetParams = z.strictObject({
  /** A budget that allows nothing, or holds no pods, counts after this long. */
  forSeconds: z.number().nonnegative().default(600),
});
type DisruptionBudgetParams = z.infer<typeof DisruptionBudgetParams>;

const titles = {
  'budget-blocks': 'disruption budget blocks every eviction',
  'budget-empty': 'disruption budget holds no pods',
} as const;

interface Fault {
  readonly kind: keyof typeof titles;
  readonly severity: Severity;
  readonly cause: readonly string[];
  readonly impact: string;
}

/**
 * A budget by whose own arithmetic nothing may go although all is well. One that allows nothing because pods are unhealthy does its work; that
 * is its workload's finding.
 */
export const disruptionBudget = defineDetector({
  id: 'disruption-budget',
  judges: ['PodDisruptionBudget'],
  kinds: titles,
  params: DisruptionBudgetParams,
  evaluate: evaluateBudget,
});

function evaluateBudget(subject: Subject, { forSeconds }: DisruptionBudgetParams): Judgement {
  const { namespace, name } = subject.subject;
  const budget = subject.view.find('disruptionBudget', namespace, name);
  if (budget === undefined || budget.deletion !== undefined) return { findings: [] };
  const fault = findFault(budget, subject.view);
  if (fault === undefined) return { findings: [] };
  const since = conditionOf(budget)?.since ?? budget.createdAt;
  const from = since + forSeconds * 1000;
  return judgeTroubles(subject, budget, [
    { detector: 'disruption-budget', title: titles[fault.kind], ...fault, since, from },
  ]);
}

function conditionOf({ conditions }: DisruptionBudgetView) {
  return conditions.find(({ type, status }) => type === 'DisruptionAllowed' && status === 'False');
}

const consequence = 'Draining a node with one of them hangs until somebody steps in.';

function findFault(budget: DisruptionBudgetView, view: ClusterView): Fault | undefined {
  const { allowed, expectedPods, desiredHealthy, currentHealthy, rule } = budget;
  const condition = conditionOf(budget);
  // Without the condition the controller has not looked at it yet.
  if (condition === undefined || allowed > 0) return undefined;
  const blocks = { kind: 'budget-blocks', severity: 'warning', impact: 'node drains hang' } as const;
  if (condition.reason === 'SyncFailed') {
    return { ...blocks, cause: [`Kubernetes cannot compute it. ${consequence}`, quoteCondition(condition)] };
  }
  if (expectedPods === 0) {
    if (mayHavePods(budget, view)) return undefined;
    const cause = [`Its selector matches neither a pod nor a workload, so its rule ${rule} protects nothing.`];
    return { kind: 'budget-empty', severity: 'info', cause, impact: 'nothing is protected by it' };
  }
  if (desiredHealthy < expectedPods || currentHealthy < expectedPods) return undefined;
  const all = `Its rule ${rule} wants ${desiredHealthy} healthy of ${count(expectedPods, 'pod')}, so none may ever be evicted`;
  return { ...blocks, cause: [`${all}, though all of them are healthy. ${consequence}`] };
}

/** A workload at zero has none just now; what else the budget may be for is not known where its selector is more than equalities. */
function mayHavePods({ namespace, selector = {} }: DisruptionBudgetView, view: ClusterView): boolean {
  if (Object.keys(selector).length === 0 || !view.knows('workload', namespace)) return true;
  return view.within('workload', namespace).some(({ template }) => selects(selector, template.labels));
}
