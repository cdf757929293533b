import type { Workload } from '../../core/ports/workloads.ts';
import { isWorkloadRef } from '../../core/resource-ref.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** How soon a rollout is looked at again, milliseconds. */
const recheckMs = 30_000;

export const rolloutInProgress: Guardrail = {
  id: 'rollout-in-progress',
  promise: 'A rollout that is under way is not interfered with, except to end it.',
  judge({ plan, workload: fact, endsRollout, now, origin }) {
    if (!isWorkloadRef(plan.target)) return allow('It is no workload, so nothing of it rolls out.');
    if ('unreadable' in fact) return needsApproval(`The workload cannot be read (${fact.unreadable}).`);
    if (fact.known === undefined) return deny('The workload does not exist any more.');
    if (!isRolling(fact.known)) return allow('No rollout is under way.');
    if (endsRollout) return allow('A rollout is under way, and this ends it.');
    if (!isAutomatic(origin)) return needsApproval('A rollout is under way; a person decides whether to interfere.');
    return deny('A rollout is under way; its outcome comes first.', now + recheckMs);
  },
};

function isRolling({ generation, observedGeneration, updated, desired }: Workload): boolean {
  return observedGeneration < generation || updated < desired;
}
