import type { Refusal } from '../core/action.ts';
import type { Decision, Proposal, ProposalState } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import type { OpsContext } from './context.ts';

/** A person's answer to a proposal. The caller has checked that this person may give it. */
export interface Answer {
  readonly proposalId: string;
  readonly user: string;
}

export type Decided = { readonly proposal: Proposal } | Refusal;

/** A person's yes: single use, atomic. Whoever comes second is told who was first. */
export async function approve(answer: Answer, context: OpsContext): Promise<Decided> {
  const decided = await decide(answer, 'approved', context);
  if (!('refused' in decided)) await context.queue.execute(answer.proposalId);
  return decided;
}

export async function reject(answer: Answer, context: OpsContext): Promise<Decided> {
  return decide(answer, 'rejected', context);
}

async function decide(
  { proposalId, user }: Answer,
  state: 'approved' | 'rejected',
  context: OpsContext,
): Promise<Decided> {
  const now = context.clock.now();
  const decision: Decision = { by: user, at: now };
  let won = false;
  const proposal = await context.proposals.update(proposalId, (current) => {
    const expired = current.state === 'awaiting-approval' && now >= current.expiresAt;
    won = current.state === 'awaiting-approval' && !expired;
    if (expired) return { ...current, version: current.version + 1, state: 'expired' };
    return won ? { ...current, version: current.version + 1, state, decision } : current;
  });
  if (proposal === undefined)
    return { refused: 'This proposal is not known (any more). Look at the newest message of the incident.' };
  if (!won) {
    await context.journal.touch(proposal.incidentId);
    return { refused: describeLateness(proposal) };
  }
  await context.audit.append({
    at: now,
    what: state,
    who: user,
    subject: refKey(proposal.plan.target),
    detail: proposal.plan.summary,
  });
  await context.journal.note(proposal.incidentId, {
    at: now,
    kind: state,
    text: `${state === 'approved' ? 'Approved' : 'Rejected'} by <@${user}>.`,
  });
  return { proposal };
}

function describeLateness({ state, decision, expiresAt }: Proposal): string {
  const who = decision === undefined ? 'somebody' : describePerson(decision.by);
  const at = new Date(decision?.at ?? expiresAt).toISOString().slice(11, 16);
  const answers: Readonly<Record<ProposalState, string>> = {
    'awaiting-approval': 'This proposal is still waiting; please try again.',
    approved: `Already approved by ${who} at ${at} UTC.`,
    executed: `Already approved by ${who} at ${at} UTC and carried out.`,
    rejected: `Already rejected by ${who} at ${at} UTC.`,
    expired: 'This proposal has expired: nothing was changed. If the trouble is still there, a new one follows.',
    denied: 'A guardrail has since denied this proposal; nothing was changed.',
  };
  return answers[state];
}

function describePerson(by: string): string {
  return by === 'lifeguard' ? 'Lifeguard (auto)' : `<@${by}>`;
}

/** Closes proposals of an incident that nobody has answered: overdue ones, or all when `because` says why they are moot. */
export async function expireProposals(
  ids: readonly string[],
  because: string | undefined,
  context: OpsContext,
): Promise<void> {
  for (const id of ids) {
    const now = context.clock.now();
    let expired = false;
    const proposal = await context.proposals.update(id, (current) => {
      expired = current.state === 'awaiting-approval' && (because !== undefined || now >= current.expiresAt);
      return expired ? { ...current, version: current.version + 1, state: 'expired' } : current;
    });
    if (!expired || proposal === undefined) continue;
    const text = because ?? 'Nobody answered in time.';
    await context.journal.note(proposal.incidentId, { at: now, kind: 'expired', text: `Proposal expired: ${text}` });
  }
}
