import type { Plan } from '../../core/action.ts';
import type { Execution } from '../../core/execution.ts';
import { isFinished } from '../../core/execution.ts';
import { type Incident, incidentIdOf, type TimelineEntry } from '../../core/incident.ts';
import type { Proposal } from '../../core/proposal.ts';
import { escapeText } from '../blocks/mrkdwn.ts';

/** Everything that is shown of one incident, as it is now. Proposals oldest first. */
export interface Snapshot {
  readonly incident: Incident;
  readonly proposals: readonly Proposal[];
  readonly executions: readonly Execution[];
  /** Where the incident is told that took this one's place; absent where there is none, or it is not known yet. */
  readonly successorLink?: string | undefined;
  /** True where the thread has a message with a model's words, whether or not they still hold. */
  readonly explained?: boolean;
  /** Slack markup that calls whoever may approve this proposal (`<!subteam^S…>`); absent where nobody is to be called. */
  readonly mention?: (proposal: Proposal) => string | undefined;
}

/** The proposal that people should look at: the newest that waits or runs. */
export function activeProposal({ proposals }: Snapshot): Proposal | undefined {
  return proposals.findLast(({ state }) => state === 'awaiting-approval' || state === 'approved');
}

/** The proposal that is carried out, or is about to be. */
export function proposalUnderWay(snapshot: Snapshot): Proposal | undefined {
  const { proposals } = snapshot;
  const running = runningExecution(snapshot);
  if (running !== undefined) return proposals.find(({ id }) => id === running.id);
  return proposals.findLast(({ state }) => state === 'approved');
}

/** Proposals that the root asks about, beside other news and without. */
const askedAbout = { beside: 1, alone: 2 } as const;

/**
 * What people may decide now, the newest first: in the root as many as can be read there, the others each in its own message. Nothing is cured once the trouble is
 * over, but a silence outlives its incident, and has to be lifted then.
 */
export function waitingProposals(snapshot: Snapshot): {
  readonly inRoot: readonly Proposal[];
  readonly inThread: readonly Proposal[];
} {
  const { incident, proposals } = snapshot;
  const over = incident.state === 'resolved' || healingExecution(snapshot) !== undefined;
  const waiting = proposals
    .filter(({ state, plan }) => state === 'awaiting-approval' && (!over || isAboutIncident(plan)))
    .toReversed();
  const room = over || proposalUnderWay(snapshot) !== undefined ? askedAbout.beside : askedAbout.alone;
  return { inRoot: waiting.slice(0, room), inThread: waiting.slice(room) };
}

export function executionOf({ executions }: Snapshot, proposal: Proposal): Execution | undefined {
  return executions.find((execution) => execution.id === proposal.id);
}

export function runningExecution({ executions }: Snapshot): Execution | undefined {
  return executions.findLast((execution) => !isFinished(execution));
}

/** The run that ended the incident, where one did; not one from before it came back, nor one that only silenced its alerts. */
export function healingExecution({ incident, executions }: Snapshot): Execution | undefined {
  const last = incident.timeline.findLast(
    ({ kind }) => kind === 'proven' || kind === 'resolved' || kind === 'reopened',
  );
  const over = incident.state === 'resolved' || !incident.holds;
  if (!over || last?.kind !== 'proven') return undefined;
  return executions.findLast(({ phase, plan }) => phase === 'proven' && !isAboutIncident(plan));
}

/** Whether it is done to the incident itself, as to its alerts, and so mends nothing. */
export function isAboutIncident(plan: Plan | undefined): boolean {
  return plan !== undefined && incidentIdOf(plan.target) !== undefined;
}

/** A text without markup, in which the incident that took this one's place is a link to its thread where that is known. */
export function linkSuccessor(text: string, { incident, successorLink }: Snapshot): string {
  const { mergedInto } = incident;
  if (mergedInto === undefined || successorLink === undefined) return escapeText(text);
  return escapeText(text).replaceAll(mergedInto, `<${successorLink}|${mergedInto}>`);
}

/** The last entry that says what was done or not done, rather than what was seen. */
export function lastStep({ timeline }: Incident): TimelineEntry | undefined {
  return timeline.findLast(({ kind }) => kind !== 'observed' && kind !== 'cleared');
}
