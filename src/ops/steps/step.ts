import type { Plan } from '../../core/action.ts';
import { describeError, hasCode, LifeguardError } from '../../core/errors.ts';
import type { Execution, ExecutionPhase } from '../../core/execution.ts';
import { incidentIdOf, type TimelineEntry } from '../../core/incident.ts';
import type { IncidentMark } from '../../core/ports/journal.ts';
import type { Proposal } from '../../core/proposal.ts';
import type { Action } from '../action.ts';
import { auditOf } from '../audit-of.ts';
import type { OpsContext } from '../context.ts';

/** What each step of an execution works on. Every step may run twice. */
export interface Step {
  readonly proposal: Proposal;
  readonly execution: Execution;
  readonly action: Action;
}

/** Why nothing (more) may be changed: a person's stop, or the kill switch. */
export async function readStop({ stop }: Execution, context: OpsContext): Promise<string | undefined> {
  return stop === undefined ? await readHalt(context) : 'It was stopped.';
}

/** The kill switch is asked once more just before every write; unreadable counts as engaged. */
export async function readHalt(context: OpsContext): Promise<string | undefined> {
  try {
    const state = await context.controls.killSwitch();
    return state.engaged ? `Lifeguard was paused by ${state.by} (${state.reason}).` : undefined;
  } catch (error) {
    return `The kill switch cannot be read (${describeError(error)}), so it counts as engaged.`;
  }
}

/** Errors that trying again will not change. */
export function isDecisive(error: unknown): boolean {
  return hasCode(error, 'cluster-conflict') || (error instanceof LifeguardError && error.retry === 'permanent');
}

export function requirePlan(execution: Execution): Plan {
  if (execution.plan === undefined) throw unplanned(execution);
  return execution.plan;
}

export function unplanned({ id, phase }: Execution): LifeguardError {
  return new LifeguardError(`Execution ${id} is ${phase} without a plan.`, {
    code: 'action-invalid',
    retry: 'permanent',
  });
}

type Change = Partial<Omit<Execution, 'id' | 'version'>>;

export async function move(proposal: Proposal, change: Change, context: OpsContext): Promise<void> {
  await context.executions.update(proposal.id, (current) => ({ ...current, ...change, version: current.version + 1 }));
  await context.journal.touch(proposal.incidentId);
}

/**
 * While something is carried out, its verification closes the incident, not the first quiet. What is done to the incident itself, as to its
 * alerts, mends nothing: it neither holds the incident open nor ends what another execution is proving.
 */
export function executing({ plan }: Pick<Proposal, 'plan'>, is: boolean): IncidentMark {
  return incidentIdOf(plan.target) === undefined ? { executing: is } : {};
}

const endings: Readonly<Partial<Record<ExecutionPhase, TimelineEntry['kind']>>> = {
  proven: 'proven',
  unproven: 'unproven',
  undone: 'undone',
  refused: 'refused',
};

type End = Change & { readonly phase: ExecutionPhase; readonly outcome: string };

export async function finish(proposal: Proposal, change: End, context: OpsContext): Promise<void> {
  const at = context.clock.now();
  const { phase, outcome } = change;
  const execution = await context.executions.get(proposal.id);
  const happening = { at, what: phase, who: 'lifeguard', detail: outcome };
  await context.audit.append(auditOf(happening, proposal, { ...execution, ...change }));
  await tellEnd(proposal, { ...change, at }, context);
  await context.proposals.update(proposal.id, (current) =>
    current.state === 'approved'
      ? { ...current, version: current.version + 1, state: phase === 'refused' ? 'denied' : 'executed' }
      : current,
  );
  await context.executions.update(proposal.id, (current) => ({
    ...current,
    ...change,
    finishedAt: at,
    version: current.version + 1,
  }));
  await context.journal.touch(proposal.incidentId);
}

/** That alerts are silenced is told where it is done; it proves no cure. */
async function tellEnd(
  proposal: Proposal,
  { at, phase, outcome, after }: End & Pick<TimelineEntry, 'at'>,
  context: OpsContext,
): Promise<void> {
  const { incidentId, plan } = proposal;
  if (phase === 'proven' && incidentIdOf(plan.target) !== undefined) return;
  const healed = phase === 'proven' && (await isHealed(proposal, { after }, context));
  const ended = executing(proposal, false);
  const mark: IncidentMark = healed ? { ...ended, resolved: true } : ended;
  await context.journal.note(incidentId, { at, kind: endings[phase] ?? 'refused', text: outcome }, mark);
}

/** What is only proven to be as was asked for (a node is cordoned) does not end what is wrong; its finding does. */
async function isHealed({ incidentId }: Proposal, { after }: Change, context: OpsContext): Promise<boolean> {
  if (after?.reached === undefined) return true;
  const incident = await context.incidents.get(incidentId);
  return incident?.finding === undefined || !incident.holds;
}
