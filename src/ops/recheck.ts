import { type Plan, type Refusal, Risk } from '../core/action.ts';
import { approversNeeded } from '../core/policy.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Ruling } from '../core/verdict.ts';
import type { Action } from './action.ts';
import { deciderOf } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Claimant } from './guardrail.ts';
import { preview } from './preview.ts';
import { idLength, submit } from './submit.ts';
import { digest } from './workload/template-diff.ts';

export const changedMeanwhile = 'It has changed since this was shown, so nothing was done.';

/** `rulings`: what the guardrails said now, where they were asked. */
export type Recheck = ({ readonly plan: Plan } | Refusal) & { readonly rulings?: Ruling[] };

/** Why a proposal holds no longer: it is to be superseded. */
export interface Outdated {
  readonly outdated: string;
}

/**
 * The plan made and judged again, in the name of who decided: when somebody says yes, and at the moment of execution. An approval holds for what the person saw: where
 * the world has changed, the proposal is outdated.
 */
export async function recheck(proposal: Proposal, action: Action, context: OpsContext): Promise<Recheck | Outdated> {
  if (proposal.state === 'expired') return { refused: changedMeanwhile };
  const { id: executionId, params, origin, incidentId } = proposal;
  const decider = claimantOf(proposal);
  const now = await preview({ action, params, origin, incidentId, executionId, decider }, context);
  if ('refused' in now) return now;
  const outdated = describeOutdated(proposal, now.plan, context);
  if (outdated !== undefined) return { outdated };
  const { verdict } = now.judgement;
  const rulings = [...now.judgement.rulings];
  if (verdict.answer === 'deny') return { refused: verdict.reason, rulings };
  if (verdict.answer === 'needs-approval' && proposal.decision?.by === 'lifeguard') {
    return { refused: `It would need a person's approval now: ${verdict.reason}`, rulings };
  }
  return { plan: now.plan, rulings };
}

/** Why what was shown, or the decision on it, does not hold for the plan as it is now; undefined where it does. */
function describeOutdated(proposal: Proposal, now: Plan, context: OpsContext): string | undefined {
  const { plan, state, decision } = proposal;
  if (now.basis !== plan.basis) return changedMeanwhile;
  if (decision?.by === 'lifeguard') return undefined;
  if (riskOf(now) > riskOf(plan))
    return `Its risk is ${now.risk} now; it was ${plan.risk} when it was shown, so nothing was done.`;
  return state === 'awaiting-approval' ? undefined : describeLapse(proposal, now, context);
}

/** Why a person's yes is not enough any more. */
function describeLapse(
  { decision, firstApproval }: Proposal,
  now: Plan,
  { clock, policy }: OpsContext,
): string | undefined {
  if (decision === undefined) return 'Nobody has decided it, so nothing was done.';
  const minutes = Math.round(policy.approvalExpiresMs / 60_000);
  if (clock.now() >= decision.at + policy.approvalExpiresMs)
    return `It was approved more than ${minutes} min ago and could not be begun since, so nothing was done.`;
  const approvers = new Set([firstApproval?.by ?? decision.by, decision.by]).size;
  return approvers < approversNeeded(policy, now)
    ? 'Two people have to approve this now, so nothing was done.'
    : undefined;
}

function riskOf({ risk }: Plan): number {
  return Risk.options.indexOf(risk);
}

function claimantOf(proposal: Proposal): Claimant | undefined {
  const actor = deciderOf(proposal);
  if (actor === undefined) return undefined;
  return { actor, does: proposal.state === 'awaiting-approval' ? 'approves' : 'approved' };
}

/**
 * The old proposal expires and a new one, with a plan of what is there now, asks again. Its id follows from the old one's, so that all who find the
 * change at once, and who comes after a crash, make the same one. What was counted as an attempt is withdrawn before: it holds nothing back.
 */
export async function supersede(proposal: Proposal, { outdated }: Outdated, context: OpsContext): Promise<Refusal> {
  const { state, incidentId, actionId, params, reason, origin } = proposal;
  const id = digest({ supersedes: proposal.id }).slice(0, idLength);
  const fresh = await submit({ id, incidentId, actionId, params, reason, origin }, context);
  await context.proposals.update(proposal.id, (current) => {
    if (current.state !== state) return current;
    const expired = { ...current, version: current.version + 1, state: 'expired' as const };
    return 'refused' in fresh ? expired : { ...expired, supersededBy: id };
  });
  await context.journal.touch(incidentId);
  const follow =
    'refused' in fresh ? `It cannot be proposed again: ${fresh.refused}` : 'A new card follows for what is there now.';
  return { refused: `${outdated} ${follow}` };
}
