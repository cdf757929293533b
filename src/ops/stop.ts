import { isFinished } from '../core/execution.ts';
import type { Incident } from '../core/incident.ts';
import { refKey } from '../core/resource-ref.ts';
import type { OpsContext } from './context.ts';

/**
 * A person's wish that what is being carried out for an incident goes no further. What waits is not begun, what takes many steps ends after
 * the present one, and what is done already is only watched. Answers the summaries of what was told to stop.
 */
export async function stopExecutions(
  { id, proposalIds }: Incident,
  user: string,
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
    const { target, summary } = execution.plan;
    stopped.push(summary);
    await context.audit.append({ at, what: 'stopped', who: user, subject: refKey(target), detail: summary });
    await context.journal.note(id, { at, kind: 'stopped', by: user, text: 'it goes no further.' });
  }
  return stopped;
}

const stoppable: ReadonlySet<string> = new Set(['rechecking', 'applying', 'advancing']);
