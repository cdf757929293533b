import type { Execution } from '../../core/execution.ts';
import { isFinished } from '../../core/execution.ts';
import type { Incident } from '../../core/incident.ts';
import type { Proposal } from '../../core/proposal.ts';
import { formatTime } from '../blocks/mrkdwn.ts';

/** Everything that is shown of one incident, as it is now. Proposals oldest first. */
export interface Snapshot {
  readonly incident: Incident;
  readonly proposals: readonly Proposal[];
  readonly executions: readonly Execution[];
}

/** The proposal that people should look at: the newest that waits or runs. */
export function activeProposal({ proposals }: Snapshot): Proposal | undefined {
  return proposals.findLast(({ state }) => state === 'awaiting-approval' || state === 'approved');
}

export function executionOf({ executions }: Snapshot, proposal: Proposal): Execution | undefined {
  return executions.find((execution) => execution.id === proposal.id);
}

/** Where the incident stands, in words; derived, never stored. */
export function describeStatus(snapshot: Snapshot): string {
  const { incident, executions } = snapshot;
  const running = executions.findLast((execution) => !isFinished(execution));
  if (incident.state === 'resolved') return executions.at(-1)?.phase === 'proven' ? 'Healed and proven' : 'Resolved';
  if (running !== undefined) return describePhase(running);
  const active = activeProposal(snapshot);
  if (active?.state === 'awaiting-approval') return `Awaiting approval until ${formatTime(active.expiresAt)}`;
  if (active !== undefined) return 'Approved, about to start';
  if (incident.escalated) return 'Needs people';
  return incident.clearedAt === undefined ? 'Open' : 'Quiet, being watched';
}

function describePhase({ phase }: Execution): string {
  if (phase === 'verifying') return 'Applied, verifying';
  return phase === 'undoing' ? 'Did not help, undoing' : 'Applying';
}
