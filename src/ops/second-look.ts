import type { Plan } from '../core/action.ts';
import type { Proposal } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import { findAction } from './actions/index.ts';
import type { OpsContext } from './context.ts';
import { type Recheck, recheck, supersede } from './recheck.ts';

/** A proposal as people are shown it: what it would do now, or why it would not, where a new one may ask instead; undefined where nobody is asked any more. */
export async function lookAgain(proposal: Proposal, context: OpsContext): Promise<Recheck | undefined> {
  const waits = proposal.state === 'awaiting-approval' && context.clock.now() < proposal.expiresAt;
  const action = findAction(proposal.actionId);
  if (!waits || action === undefined) return undefined;
  const seen = await recheck(proposal, action, context);
  return 'outdated' in seen ? supersede(proposal, seen, context) : seen;
}

/** Why a yes does not count now. */
export interface Held {
  readonly held: string;
}

/** The same in the name of who says yes. */
export async function lookBeforeYes(
  proposal: Proposal,
  context: OpsContext,
): Promise<Held | { readonly plan: Plan } | undefined> {
  const seen = await lookAgain(proposal, context);
  if (seen === undefined || !('refused' in seen)) return seen;
  await context.audit.append({
    at: context.clock.now(),
    what: 'denied',
    who: proposal.decision?.by ?? 'lifeguard',
    subject: refKey(proposal.plan.target),
    detail: `${proposal.actionId}: ${seen.refused}`,
  });
  return { held: seen.refused };
}
