import type { Plan, Refusal } from '../core/action.ts';
import type { Proposal } from '../core/proposal.ts';
import type { Action } from './action.ts';
import type { OpsContext } from './context.ts';
import { judge } from './judge.ts';
import { attemptKeyOf, submit } from './submit.ts';

const changedMeanwhile = 'The workload changed after the approval, so nothing was done.';

export type Recheck = { readonly plan: Plan } | Refusal;

/**
 * The plan made and judged again at the moment of execution. An approval holds for what the person saw: where the world has changed, the old
 * proposal expires and a new one, with the new plan, asks again.
 */
export async function recheck(proposal: Proposal, action: Action, context: OpsContext): Promise<Recheck> {
  if (proposal.state === 'expired') return { refused: changedMeanwhile };
  const plan = await action.bind(proposal.params).plan(context);
  if ('refused' in plan) return plan;
  if (plan.basis !== proposal.plan.basis) return supersede(proposal, context);
  const attemptKey = await attemptKeyOf(proposal.incidentId, plan, context);
  const { verdict } = await judge({ action, plan, origin: proposal.origin, attemptKey }, context);
  if (verdict.answer === 'deny') return { refused: verdict.reason };
  if (verdict.answer === 'needs-approval' && proposal.decision?.by === 'lifeguard') {
    return { refused: `It would need a person's approval now: ${verdict.reason}` };
  }
  return { plan };
}

async function supersede(proposal: Proposal, context: OpsContext): Promise<Refusal> {
  const { incidentId, actionId, params, reason, origin } = proposal;
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
  return { refused: `${changedMeanwhile} ${follow}` };
}
