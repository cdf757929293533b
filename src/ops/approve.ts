import type { Plan, Refusal } from '../core/action.ts';
import { describeError, LifeguardError } from '../core/errors.ts';
import { approversNeeded, type Policy } from '../core/policy.ts';
import type { Decision, Proposal, ProposalState } from '../core/proposal.ts';
import { auditOf } from './audit-of.ts';
import type { OpsContext } from './context.ts';
import { type Held, lookBeforeYes } from './second-look.ts';

/** A person's answer to a proposal. The caller has checked that this person may give it. */
export interface Answer {
  readonly proposalId: string;
  readonly user: string;
  /** Those of their user groups that the configuration names; undefined where Slack could not say it. */
  readonly groups?: readonly string[] | undefined;
}

/** `now`: the plan as it was found when somebody said yes. */
export type Decided = { readonly proposal: Proposal; readonly now?: Plan } | Refusal;

/** A person's yes: single use, atomic. Whoever comes second is told who was first. It counts only for what is there now, and for what this person may do. */
export async function approve(answer: Answer, context: OpsContext): Promise<Decided | Held> {
  const shown = await context.proposals.get(answer.proposalId);
  const decision = decisionOf(answer, context);
  const seen = shown === undefined ? undefined : await lookIfPossible({ ...shown, decision }, context);
  if (seen !== undefined && 'held' in seen) return seen;
  const decided = await decide(answer, 'approved', context);
  if ('refused' in decided) return decided;
  if (decided.proposal.state === 'approved') await context.queue.execute(answer.proposalId);
  return seen === undefined ? decided : { ...decided, now: seen.plan };
}

/** A yes is not lost because the cluster does not answer: everything is looked at once more before the write. */
async function lookIfPossible(proposal: Proposal, context: OpsContext): ReturnType<typeof lookBeforeYes> {
  try {
    return await lookBeforeYes(proposal, context);
  } catch (error) {
    if (!(error instanceof LifeguardError) || error.retry === 'permanent') throw error;
    context.log.warn('what is there could not be looked at before a yes', { problem: describeError(error) });
    return undefined;
  }
}

function decisionOf({ user, groups }: Answer, { clock }: OpsContext): Decision {
  return { by: user, at: clock.now(), ...(groups === undefined ? {} : { groups }) };
}

export async function reject(answer: Answer, context: OpsContext): Promise<Decided> {
  return decide(answer, 'rejected', context);
}

async function decide(answer: Answer, state: 'approved' | 'rejected', context: OpsContext): Promise<Decided> {
  const { proposalId } = answer;
  const decision = decisionOf(answer, context);
  const now = decision.at;
  const ballot: { vote: Vote } = { vote: { counts: 'late' } };
  const proposal = await context.proposals.update(proposalId, (current) => {
    const expired = current.state === 'awaiting-approval' && now >= current.expiresAt;
    const vote = expired ? ({ counts: 'late', expired } as const) : weigh({ state, decision }, current, context.policy);
    ballot.vote = vote;
    if (expired) return { ...current, version: current.version + 1, state: 'expired' };
    if (vote.counts === 'first') return { ...current, version: current.version + 1, firstApproval: decision };
    return vote.counts === 'decides' ? { ...current, version: current.version + 1, state, decision } : current;
  });
  const { vote } = ballot;
  if (proposal === undefined)
    return { refused: 'This proposal is not known (any more). Look at the newest message of the incident.' };
  if (vote.counts === 'not') return { refused: vote.why };
  if (vote.counts === 'late') {
    if (vote.expired === true) await noteExpiry(proposal, context);
    await context.journal.touch(proposal.incidentId);
    return { refused: describeLateness(proposal) };
  }
  await remember({ proposal, decision, state, last: vote.counts === 'decides' }, context);
  return { proposal };
}

/** What somebody's answer does: decides, is the first of two, comes too late, or is not theirs to give. */
type Vote =
  | { readonly counts: 'decides' | 'first' | 'late'; readonly expired?: true }
  | { readonly counts: 'not'; readonly why: string };

interface Wish {
  readonly state: 'approved' | 'rejected';
  readonly decision: Decision;
}

/** A no by one person is enough; a yes may need two, and may not be given to oneself. */
function weigh({ state, decision }: Wish, current: Proposal, policy: Policy): Vote {
  if (current.state !== 'awaiting-approval') return { counts: 'late' };
  if (state === 'rejected') return { counts: 'decides' };
  const { origin, firstApproval, plan } = current;
  if (origin.user === decision.by && !policy.approval.byRequester)
    return { counts: 'not', why: 'You asked for this, so somebody else has to approve it.' };
  if (approversNeeded(policy, plan) === 1) return { counts: 'decides' };
  if (firstApproval === undefined) return { counts: 'first' };
  if (firstApproval.by !== decision.by) return { counts: 'decides' };
  return { counts: 'not', why: 'You have approved it already; one more person has to.' };
}

/** Whether this person's yes to a proposal that waits would count now: for what is shown; the answer itself is weighed again. */
export function mayApprove(
  user: string,
  proposal: Proposal,
  { policy, clock }: Pick<OpsContext, 'policy' | 'clock'>,
): boolean {
  const at = clock.now();
  const { counts } = weigh({ state: 'approved', decision: { by: user, at } }, proposal, policy);
  return at < proposal.expiresAt && (counts === 'decides' || counts === 'first');
}

interface Remembered extends Wish {
  readonly proposal: Proposal;
  /** False where one more person has to say yes. */
  readonly last: boolean;
}

async function remember({ proposal, decision, state, last }: Remembered, context: OpsContext): Promise<void> {
  const { by: user, at: now } = decision;
  const word = state === 'approved' ? 'Approved' : 'Rejected';
  const happening = { at: now, what: last ? state : 'approved-first', who: user, surface: 'button' } as const;
  await context.audit.append(auditOf({ ...happening, detail: proposal.plan.summary }, proposal));
  await context.journal.note(proposal.incidentId, {
    at: now,
    kind: state,
    text: last ? `${word} by <@${user}>.` : `${word} by <@${user}>; one more person has to.`,
  });
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

const unanswered = 'Nobody answered in time.';

async function noteExpiry(proposal: Proposal, context: OpsContext, detail = unanswered): Promise<void> {
  const at = context.clock.now();
  await context.audit.append(auditOf({ at, what: 'expired', who: 'lifeguard', surface: 'auto', detail }, proposal));
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
    const text = because ?? unanswered;
    await noteExpiry(proposal, context, text);
    await context.journal.note(proposal.incidentId, { at: now, kind: 'expired', text: `Proposal expired: ${text}` });
  }
}
