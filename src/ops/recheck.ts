import type { Plan, Refusal } from '../core/action.ts';
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
 * The plan made and judged again at the moment of execution. An approval holds for what the person saw: where the world has changed, the old
 * proposal expires and a new one, with the new plan, asks again.
 */
export async function recheck(proposal: Proposal, action: Action, context: OpsContext): Promise<Recheck> {
  if (proposal.state === 'expired') return { refused: changedMeanwhile };
  const { params, origin, incidentId } = proposal;
  const now = await preview({ action, params, origin, incidentId }, context);
  if ('refused' in now) return now;
  if (now.plan.basis !== proposal.plan.basis) return supersede(proposal, context);
  const { verdict } = now.judgement;
  const rulings = [...now.judgement.rulings];
  if (verdict.answer === 'deny') return { refused: verdict.reason, rulings };
  if (verdict.answer === 'needs-approval' && proposal.decision?.by === 'lifeguard') {
    return { refused: `It would need a person's approval now: ${verdict.reason}`, rulings };
  }
  return { plan: now.plan, rulings };
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
