import type { Surface } from '../core/action.ts';
import { isFinished } from '../core/execution.ts';
import type { Incident } from '../core/incident.ts';
import { auditOf } from './audit-of.ts';
import type { OpsContext } from './context.ts';

/** Who wants it to stop, and from where. */
interface Stopper {
  readonly user: string;
  readonly surface: Surface;
}

/**
 * A person's wish that what is being carried out for an incident goes no further. What waits is not begun, what takes many steps ends after
 * the present one, and what is done already is only watched. Answers the summaries of what was told to stop.
 */
export async function stopExecutions(
  { id, proposalIds }: Incident,
  { user, surface }: Stopper,
  context: OpsContext,
): Promise<readonly string[]> {
  const at = context.clock.now();
  const stopped: string[] = [];
  for (const proposalId of proposalIds) {
    let told = false;
    const execution = await context.executions.update(proposalId, (current) => {
      told = !isFinished(current) && stoppable.has(current.phase) && current.stop === undefined;
      return told ? { ...current, stop: { by: user, at }, version: current.version + 1 } : current;
    });
    if (!told || execution?.plan === undefined) continue;
    const { summary } = execution.plan;
    stopped.push(summary);
    const proposal = await context.proposals.get(proposalId);
    const happening = { at, what: 'stopped', who: user, surface, detail: summary };
    if (proposal !== undefined) await context.audit.append(auditOf(happening, proposal, execution));
    await context.journal.note(id, { at, kind: 'stopped', by: user, text: 'it goes no further.' });
  }
  return stopped;
}

const stoppable: ReadonlySet<string> = new Set(['rechecking', 'applying', 'advancing']);
