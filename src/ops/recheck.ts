import { type Plan, type Refusal, Risk } from '../core/action.ts';
import { approversNeeded } from '../core/policy.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Ruling } from '../core/verdict.ts';
import type { Action } from './action.ts';
import type { OpsContext } from './context.ts';
import { preview } from './preview.ts';
import { submit } from './submit.ts';

const changedMeanwhile = 'The workload changed since this was proposed, so nothing was done.';

/** `rulings`: what the guardrails said now, where they were asked. */
export type Recheck = ({ readonly plan: Plan } | Refusal) & { readonly rulings?: Ruling[] };

/**
 * The plan made and judged again at the moment of execution. An approval holds for what the person saw, and for so long: where the world has
 * changed, the old proposal expires and a new one, with the new plan, asks again.
 */
export async function recheck(proposal: Proposal, action: Action, context: OpsContext): Promise<Recheck> {
  if (proposal.state === 'expired') return { refused: changedMeanwhile };
  const { id: executionId, params, origin, incidentId } = proposal;
  const now = await preview({ action, params, origin, incidentId, executionId }, context);
  if ('refused' in now) return now;
  const outdated = describeOutdated(proposal, now.plan, context);
  if (outdated !== undefined) return supersede(proposal, outdated, context);
  const { verdict } = now.judgement;
  const rulings = [...now.judgement.rulings];
  if (verdict.answer === 'deny') return { refused: verdict.reason, rulings };
  if (verdict.answer === 'needs-approval' && proposal.decision?.by === 'lifeguard') {
    return { refused: `It would need a person's approval now: ${verdict.reason}`, rulings };
  }
  return { plan: now.plan, rulings };
}

/** Why the decision does not hold for the plan as it is now; undefined where it does. */
function describeOutdated(
  { plan, decision, firstApproval }: Proposal,
  now: Plan,
  { clock, policy }: OpsContext,
): string | undefined {
  if (now.basis !== plan.basis) return changedMeanwhile;
  if (decision === undefined || decision.by === 'lifeguard') return undefined;
  const minutes = Math.round(policy.approvalExpiresMs / 60_000);
  if (clock.now() >= decision.at + policy.approvalExpiresMs)
    return `It was approved more than ${minutes} min ago and could not be begun since, so nothing was done.`;
  if (riskOf(now) > riskOf(plan))
    return `Its risk is ${now.risk} now; it was ${plan.risk} when it was approved, so nothing was done.`;
  const approvers = new Set([firstApproval?.by ?? decision.by, decision.by]).size;
  if (approvers < approversNeeded(policy, now)) return 'Two people have to approve this now, so nothing was done.';
  return undefined;
}

function riskOf({ risk }: Plan): number {
  return Risk.options.indexOf(risk);
}

async function supersede(proposal: Proposal, because: string, context: OpsContext): Promise<Refusal> {
  const { incidentId, actionId, params, reason, origin } = proposal;
  // What is not carried out was no attempt, and holds nothing back.
  await context.ledger.withdraw(proposal.id);
  const fresh = await submit({ incidentId, actionId, params, reason, origin }, context);
  const follow =
    'refused' in fresh
      ? `It cannot be proposed again: ${fresh.refused}`
      : 'A new proposal for what is there now follows.';
  const supersededBy = 'refused' in fresh ? undefined : fresh.proposal.id;
  await context.proposals.update(proposal.id, (current) => ({
    ...current,
    version: current.version + 1,
    state: 'expired',
    ...(supersededBy === undefined ? {} : { supersededBy }),
  }));
  return { refused: `${because} ${follow}` };
}
