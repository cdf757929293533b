import type { Finding } from '../core/finding.ts';
import { causeSince, type Incident, incidentIdOf, type TimelineEntry } from '../core/incident.ts';
import type { Proposal } from '../core/proposal.ts';
import { expireProposals } from './approve.ts';
import type { OpsContext } from './context.ts';
import { remedies } from './remedies/index.ts';
import type { RemedyStep } from './remedy.ts';
import { type Refused, submit } from './submit.ts';

/**
 * Brings an open incident one rung further where it stands still: proposes the next step of its remedy, or hands over to people. Safe to call
 * at any time and as often as wanted; it does nothing while a proposal waits or runs. Answers when time alone will change that (epoch ms).
 */
export async function climbLadder(incident: Incident, context: OpsContext): Promise<number | undefined> {
  const { finding } = incident;
  if (finding === undefined || isSettled(incident)) return undefined;
  await expireProposals(incident.proposalIds, undefined, context);
  const proposals = await readProposals(incident, context);
  const waiting = proposals.find(isActive);
  if (waiting !== undefined) return waiting.state === 'awaiting-approval' ? waiting.expiresAt : undefined;
  const last = proposals.at(-1);
  if (last?.state === 'expired' && last.supersededBy === undefined) {
    return escalate(incident, 'The last proposal ran out without a decision. People take over.', context);
  }
  return proposeNext({ incident, finding, proposals }, context);
}

/** Also where the cause is over and only what followed from it goes on: there is nothing to cure. */
function isSettled({ state, holds, escalated, executing, clearedAt }: Incident): boolean {
  return state !== 'open' || !holds || escalated || executing || clearedAt !== undefined;
}

interface Standing {
  readonly incident: Incident;
  readonly finding: Finding;
  /** Proposals for its present cause since it was opened or last reopened, oldest first; none that only silences its alerts. */
  readonly proposals: readonly Proposal[];
}

async function proposeNext(
  { incident, finding, proposals }: Standing,
  context: OpsContext,
): Promise<number | undefined> {
  const executed = proposals.filter(({ state }) => state === 'executed');
  const tried = new Set(executed.map(({ actionId }) => actionId));
  const ladder = remedies
    .filter((remedy) => remedy.findings.some((kind) => kind === finding.kind))
    .flatMap((remedy) => remedy.steps(finding, tried));
  const proven = await readProven(executed, context);
  for (const step of ladder.filter((one) => isOpen(one, proposals) && isDue(one, proven))) {
    const submission = await submit({ ...step, incidentId: incident.id, origin: { surface: 'auto' } }, context);
    if (!('refused' in submission)) return submission.proposal.expiresAt;
    await noteOnce(incident, refusalEntry(submission, context.clock.now()), context);
    if (submission.by === 'guardrail' && submission.forGood === undefined)
      return submission.retryAt ?? context.clock.now() + recheckMs;
  }
  return escalate(incident, describeEnd(ladder.length + tried.size), context);
}

/** How soon a denial without a time of its own is looked at again, milliseconds. */
const recheckMs = 30_000;

function refusalEntry({ by, refused, retryAt }: Refused, at: number): TimelineEntry {
  if (by === 'plan') return { at, kind: 'refused', text: refused };
  return { at, kind: 'denied', text: refused, ...(retryAt === undefined ? {} : { askedAgainAt: retryAt }) };
}

function isActive({ state }: Proposal): boolean {
  return state === 'awaiting-approval' || state === 'approved';
}

/** A step is over once a person said no to it, or once it was carried out as often as it may be. */
function isOpen(step: RemedyStep, proposals: readonly Proposal[]): boolean {
  const same = proposals.filter((proposal) => proposal.actionId === step.actionId);
  const rejected = same.some((proposal) => proposal.state === 'rejected');
  return !rejected && same.filter((proposal) => proposal.state === 'executed').length < step.times;
}

function isDue({ after }: RemedyStep, proven: ReadonlySet<string>): boolean {
  return after === undefined || proven.has(after);
}

/** Ids of the actions that were proven. */
async function readProven(executed: readonly Proposal[], { executions }: OpsContext): Promise<ReadonlySet<string>> {
  const ends = await Promise.all(executed.map(({ id }) => executions.get(id)));
  return new Set(ends.flatMap((end) => (end?.phase === 'proven' ? [end.actionId] : [])));
}

async function readProposals(incident: Incident, context: OpsContext): Promise<readonly Proposal[]> {
  const since = causeSince(incident);
  const found = await Promise.all(incident.proposalIds.map((id) => context.proposals.get(id)));
  return found
    .filter((proposal) => proposal !== undefined)
    .filter(({ createdAt, plan }) => createdAt >= since && incidentIdOf(plan.target) === undefined);
}

async function escalate(incident: Incident, text: string, context: OpsContext): Promise<undefined> {
  await context.journal.note(incident.id, { at: context.clock.now(), kind: 'escalated', text }, { escalated: true });
}

/** The same refusal, judged again and again, is one line of the story. */
async function noteOnce(incident: Incident, entry: TimelineEntry, context: OpsContext): Promise<void> {
  const last = incident.timeline.findLast(({ kind }) => kind === 'denied' || kind === 'refused');
  const same = last?.kind === entry.kind && last.text === entry.text && last.askedAgainAt === entry.askedAgainAt;
  if (same) return;
  await context.journal.note(incident.id, entry);
}

function describeEnd(steps: number): string {
  return steps === 0
    ? 'Lifeguard knows no remedy for this. People take over.'
    : 'Lifeguard has nothing left to try for this. People take over.';
}
