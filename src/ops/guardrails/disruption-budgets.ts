import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** How soon it is looked again, milliseconds. */
const recheckMs = 60_000;

/** The eviction API asks the budgets by itself; deleting a pod or scaling down does not. */
export const disruptionBudgets: Guardrail = {
  id: 'disruption-budgets',
  promise: 'Ready pods are not taken away past what their PodDisruptionBudget allows.',
  judge({ plan, podBudget: fact, origin, now }) {
    const leaving = plan.asks?.pods ?? 0;
    if (leaving === 0) return allow('It takes no ready pod away.');
    if ('unreadable' in fact) return needsApproval(`Disruption budgets cannot be read (${fact.unreadable}).`);
    if (fact.known === undefined) return allow('No disruption budget holds for its pods.');
    const { name, allowed } = fact.known;
    if (leaving <= allowed) return allow(`The disruption budget ${name} allows ${allowed} pods to go.`);
    const reason = `The disruption budget ${name} allows ${allowed} ready pods to go now; this takes ${leaving}.`;
    return isAutomatic(origin) ? deny(reason, now + recheckMs) : needsApproval(`${reason} A person may go past it.`);
  },
};
