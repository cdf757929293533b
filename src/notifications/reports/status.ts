import type { ExecutionPhase } from '../../core/execution.ts';
import { causeSince, type Incident } from '../../core/incident.ts';
import type { Proposal } from '../../core/proposal.ts';
import { formatMinute, formatPlainTime } from '../blocks/mrkdwn.ts';
import {
  activeProposal,
  healingExecution,
  lastStep,
  linkSuccessor,
  runningExecution,
  type Snapshot,
} from './snapshot.ts';
import { bothWays, type Words } from './words.ts';

/** Where the incident stands, in a few words; derived, never stored. */
export function describeStatus(snapshot: Snapshot): Words {
  const { incident } = snapshot;
  if (incident.state === 'resolved') return describeEnd(snapshot);
  if (incident.attention.dismissed !== undefined) return bothWays('Closed by people, though it holds');
  const running = runningExecution(snapshot);
  if (running !== undefined) return bothWays(phases[running.phase]);
  const active = activeProposal(snapshot);
  if (active?.state === 'awaiting-approval') {
    return {
      rich: `Awaiting approval until ${formatMinute(active.expiresAt)}`,
      plain: `Awaiting approval until ${formatPlainTime(active.expiresAt)}`,
    };
  }
  if (active !== undefined) return bothWays('Approved, about to start');
  const { snoozedUntil } = incident.attention;
  if (snoozedUntil === undefined) return bothWays(describeRest(snapshot));
  return {
    rich: `Snoozed until ${formatMinute(snoozedUntil)}`,
    plain: `Snoozed until ${formatPlainTime(snoozedUntil)}`,
  };
}

/** Nothing is being done, and nobody is asked. */
function describeRest(snapshot: Snapshot): string {
  const { incident } = snapshot;
  if (onlyAlertsHold(incident))
    return `${healingExecution(snapshot) === undefined ? 'Over' : 'Healed and proven'}; its alerts still fire`;
  if (incident.escalated) return describeNeed(snapshot);
  if (incident.clearedAt !== undefined) return 'Quiet, being watched';
  return lastStep(incident)?.kind === 'denied' ? 'Held back by a guardrail' : 'Open';
}

function onlyAlertsHold({ holds, related }: Incident): boolean {
  const left = related.filter((one) => one.holds);
  return !holds && left.length > 0 && left.every(({ finding }) => finding.reportedBy !== undefined);
}

function describeEnd(snapshot: Snapshot): Words {
  const { incident } = snapshot;
  const { mergedInto } = incident;
  if (mergedInto !== undefined)
    return { rich: `Part of ${linkSuccessor(mergedInto, snapshot)}`, plain: `Part of ${mergedInto}` };
  const requested = incident.finding === undefined;
  if (healingExecution(snapshot) === undefined) return bothWays(requested ? describeRefusal(snapshot) : 'Resolved');
  return bothWays(requested ? 'Done and proven' : 'Healed and proven');
}

/** What became of a change that somebody asked for, where it is not proven. */
function describeRefusal({ proposals, executions }: Snapshot): string {
  const last = proposals.at(-1);
  const phase = executions.find(({ id }) => id === last?.id)?.phase;
  if (phase === 'undone') return 'Did not work, undone';
  if (phase === 'unproven') return 'Applied, not proven';
  return (last === undefined ? undefined : untouched[last.state]) ?? 'Closed';
}

const untouched: Partial<Readonly<Record<Proposal['state'], string>>> = {
  rejected: 'Rejected, nothing was changed',
  denied: 'Held back, nothing was changed',
  expired: 'Expired, nothing was changed',
};

/** Why people must take over. */
function describeNeed({ incident, proposals, executions }: Snapshot): string {
  const last = proposals.findLast(({ createdAt }) => createdAt >= causeSince(incident));
  if (last === undefined) return 'Needs people: no remedy';
  const phase = executions.find(({ id }) => id === last.id)?.phase;
  if (phase === 'undone' || phase === 'unproven') return 'Needs people: the fix did not help';
  if (last.state === 'rejected') return 'Needs people: the proposal was rejected';
  const overdue = last.state === 'expired' && last.supersededBy === undefined && phase === undefined;
  return overdue ? 'Needs people: nobody decided in time' : 'Needs people';
}

const phases: Readonly<Record<ExecutionPhase, string>> = {
  rechecking: 'Approved, being checked again',
  applying: 'Applying',
  advancing: 'Applying, step by step',
  verifying: 'Applied, verifying',
  undoing: 'Did not help, undoing',
  proven: 'Healed and proven',
  unproven: 'Not proven',
  undone: 'Undone',
  refused: 'Refused',
};
