import type { Workload } from '../../core/ports/workloads.ts';
import { isWorkloadRef, refName } from '../../core/resource-ref.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** How soon a rollout is looked at again, milliseconds. */
const recheckMs = 30_000;

export const rolloutInProgress: Guardrail = {
  id: 'rollout-in-progress',
  promise: 'A rollout that is under way is not interfered with, except to end it.',
  judge({ plan, workload: fact, affected, endsRollout, now, origin }) {
    if ('unreadable' in fact) return needsApproval(`The workload cannot be read (${fact.unreadable}).`);
    if ('unreadable' in affected) return needsApproval(`What it affects cannot be read (${affected.unreadable}).`);
    if (isWorkloadRef(plan.target) && fact.known === undefined) return deny('The workload does not exist any more.');
    const own = fact.known === undefined ? [] : [fact.known];
    const rolling = [...own, ...affected.known].find(isRolling);
    if (rolling === undefined) return allow('No rollout is under way.');
    if (endsRollout) return allow('A rollout is under way, and this ends it.');
    const sentence = `A rollout of ${refName(rolling.ref)} is under way`;
    if (!isAutomatic(origin)) return needsApproval(`${sentence}; a person decides whether to interfere.`);
    return deny(`${sentence}; its outcome comes first.`, now + recheckMs);
  },
};

function isRolling({ generation, observedGeneration, updated, desired }: Workload): boolean {
  return observedGeneration < generation || updated < desired;
}
