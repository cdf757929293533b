import type { Plan, Refusal } from '../core/action.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Action } from './action.ts';
import { deciderOf } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Claimant } from './guardrail.ts';
import { preview } from './preview.ts';
import { idLength, submit } from './submit.ts';
import { digest } from './workload/template-diff.ts';

const changedMeanwhile = 'It has changed since this was shown, so nothing was done.';

export type Recheck = { readonly plan: Plan } | Refusal;

/**
 * The plan made and judged again, in the name of who decided: when somebody says yes, and at the moment of execution. An approval holds for what the person saw: where
 * the world has changed, the old proposal expires and a new one, with the new plan, asks again.
 */
export async function recheck(proposal: Proposal, action: Action, context: OpsContext): Promise<Recheck> {
  if (proposal.state === 'expired') return { refused: changedMeanwhile };
  const { params, origin, incidentId } = proposal;
  const now = await preview({ action, params, origin, incidentId, decider: claimantOf(proposal) }, context);
  if ('refused' in now) return now;
  if (now.plan.basis !== proposal.plan.basis) return supersede(proposal, now.plan, context);
  const { verdict } = now.judgement;
  if (verdict.answer === 'deny') return { refused: verdict.reason };
  if (verdict.answer === 'needs-approval' && proposal.decision?.by === 'lifeguard') {
    return { refused: `It would need a person's approval now: ${verdict.reason}` };
  }
  return { plan: now.plan };
}

function claimantOf(proposal: Proposal): Claimant | undefined {
  const actor = deciderOf(proposal);
  if (actor === undefined) return undefined;
  return { actor, does: proposal.state === 'awaiting-approval' ? 'approves' : 'approved' };
}

/** The new card's id follows from the old one and from what is there now, so that all who find the change at once, and who comes after a crash, make the same one. */
async function supersede(proposal: Proposal, now: Plan, context: OpsContext): Promise<Refusal> {
  const { state, incidentId, actionId, params, reason, origin } = proposal;
  const id = digest({ supersedes: proposal.id, basis: now.basis }).slice(0, idLength);
  const fresh = await submit({ id, incidentId, actionId, params, reason, origin }, context);
  await context.proposals.update(proposal.id, (current) => {
    if (current.state !== state) return current;
    const expired = { ...current, version: current.version + 1, state: 'expired' as const };
    return 'refused' in fresh ? expired : { ...expired, supersededBy: id };
  });
  await context.journal.touch(incidentId);
  const follow =
    'refused' in fresh ? `It cannot be proposed again: ${fresh.refused}` : 'A new card follows for what is there now.';
  return { refused: `${changedMeanwhile} ${follow}` };
}
