import type { Plan, Verification } from '../core/action.ts';
import { describeError, hasCode, LifeguardError } from '../core/errors.ts';
import { type Execution, type ExecutionPhase, isFinished } from '../core/execution.ts';
import type { TimelineEntry } from '../core/incident.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { IncidentMark } from '../core/ports/journal.ts';
import type { Proposal } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import { type Action, markOf } from './action.ts';
import { findAction } from './actions/index.ts';
import type { OpsContext } from './context.ts';
import { attemptKeyOf } from './preview.ts';
import { recheck } from './recheck.ts';

interface Step {
  readonly proposal: Proposal;
  readonly execution: Execution;
  readonly action: Action;
}

/**
 * Carries an approved proposal one step on. Every phase is stored before the next begins and may run twice: a worker that dies anywhere is
 * replaced by one that reads the phase, checks the cluster, and goes on. Answers when to be called again.
 */
export async function advanceExecution(proposalId: string, context: OpsContext): Promise<Outcome> {
  const proposal = await context.proposals.get(proposalId);
  if (proposal === undefined) return done;
  const action = findAction(proposal.actionId);
  if (action === undefined)
    throw new LifeguardError(`There is no action ${proposal.actionId} any more.`, {
      code: 'action-invalid',
      retry: 'permanent',
    });
  const execution = await findExecution(proposal, context);
  if (execution === undefined) return done;
  if (isFinished(execution)) return done;
  await steps[execution.phase]({ proposal, execution, action }, context);
  const now = await context.executions.get(proposalId);
  if (now === undefined || isFinished(now)) return done;
  return { againInMs: now.phase === execution.phase ? context.policy.verification.everyMs : 0 };
}

/** The execution of an approved proposal, begun now or earlier. One that nobody approved never begins. */
async function findExecution(
  { id, incidentId, actionId, state }: Proposal,
  context: OpsContext,
): Promise<Execution | undefined> {
  const known = await context.executions.get(id);
  if (known !== undefined || state !== 'approved') return known;
  const fresh: Execution = {
    id,
    version: 1,
    incidentId,
    actionId,
    phase: 'rechecking',
    startedAt: context.clock.now(),
  };
  await context.executions.create(fresh);
  return (await context.executions.get(id)) ?? fresh;
}

const steps: Readonly<Record<ExecutionPhase, (step: Step, context: OpsContext) => Promise<void>>> = {
  rechecking: recheckStep,
  applying: applyStep,
  verifying: verifyStep,
  undoing: undoStep,
  proven: nothing,
  unproven: nothing,
  undone: nothing,
  refused: nothing,
};

async function nothing(): Promise<void> {}

/** Karpenter's delayed validation: plan and judge again, now, against the live object. */
async function recheckStep({ proposal, action }: Step, context: OpsContext): Promise<void> {
  const checked = await recheck(proposal, action, context);
  if ('refused' in checked) {
    await finish(proposal, { phase: 'refused', outcome: checked.refused }, context);
    return;
  }
  const before = await action.measure(checked.plan, context);
  if (before === undefined) {
    await finish(
      proposal,
      { phase: 'refused', outcome: `${refKey(checked.plan.target)} is gone; there is nothing to act on.` },
      context,
    );
    return;
  }
  await move(proposal, { phase: 'applying', plan: checked.plan, before }, context);
  await context.journal.touch(proposal.incidentId, { executing: true });
}

/** The write. The attempt is counted first, so that a crash cannot hide it; the mark on the object keeps it single. */
async function applyStep({ proposal, execution, action }: Step, context: OpsContext): Promise<void> {
  const plan = requirePlan(execution);
  const run = { plan, mark: markOf(execution, 'apply') };
  const halted = await readHalt(context);
  if (halted !== undefined && !(await action.isApplied(run, context))) {
    await finish(proposal, { phase: 'refused', outcome: halted }, context);
    return;
  }
  const at = context.clock.now();
  const { namespace } = plan.target;
  await context.ledger.record({
    at,
    namespace,
    key: await attemptKeyOf(proposal.incidentId, plan, context),
    executionId: proposal.id,
  });
  try {
    if (halted === undefined) await action.execute(run, context);
  } catch (error) {
    if (!isDecisive(error)) throw error;
    await finish(proposal, { phase: 'refused', outcome: `Not applied: ${describeError(error)}` }, context);
    return;
  }
  await context.audit.append({
    at,
    what: 'applied',
    who: proposal.decision?.by ?? 'lifeguard',
    subject: refKey(plan.target),
    detail: plan.summary,
  });
  await move(proposal, { phase: 'verifying', appliedAt: at }, context);
  await context.journal.note(proposal.incidentId, { at, kind: 'applied', text: plan.summary }, { executing: true });
}

async function verifyStep(step: Step, context: OpsContext): Promise<void> {
  const { proposal, execution, action } = step;
  const plan = requirePlan(execution);
  const { before, appliedAt } = execution;
  if (before === undefined || appliedAt === undefined) throw unplanned(execution);
  const after = await action.measure(plan, context);
  const now = context.clock.now();
  const verification: Verification =
    after === undefined
      ? { verdict: 'unknown', settled: true, sentence: `${refKey(plan.target)} was deleted while being verified.` }
      : action.verify({ plan, before, after, appliedAt, now }, context);
  const measured = after === undefined ? { verification } : { verification, after };
  if (!verification.settled) {
    await move(proposal, measured, context);
    return;
  }
  await settle(step, { ...measured, verification }, context);
}

interface Settled {
  readonly verification: Verification;
  readonly after?: NonNullable<Execution['after']>;
}

async function settle({ proposal, execution, action }: Step, measured: Settled, context: OpsContext): Promise<void> {
  const { verdict, sentence } = measured.verification;
  const plan = requirePlan(execution);
  if (verdict === 'improved') {
    await finish(proposal, { ...measured, phase: 'proven', outcome: sentence }, context);
    return;
  }
  if (verdict === 'unknown') {
    await finish(proposal, { ...measured, phase: 'unproven', outcome: `Not proven: ${sentence}` }, context);
    return;
  }
  if (action.undo === undefined || plan.inverse === null) {
    await finish(
      proposal,
      { ...measured, phase: 'unproven', outcome: `It did not help. ${sentence} ${plan.undo}` },
      context,
    );
    return;
  }
  await move(proposal, { ...measured, phase: 'undoing' }, context);
}

async function undoStep({ proposal, execution, action }: Step, context: OpsContext): Promise<void> {
  const plan = requirePlan(execution);
  const sentence = execution.verification?.sentence ?? '';
  const halted = await readHalt(context);
  if (halted !== undefined) {
    await finish(
      proposal,
      { phase: 'unproven', outcome: `It did not help. ${sentence} Not undone: ${halted}` },
      context,
    );
    return;
  }
  try {
    await action.undo?.({ plan, mark: markOf(execution, 'undo') }, context);
  } catch (error) {
    if (!isDecisive(error)) throw error;
    await finish(
      proposal,
      { phase: 'unproven', outcome: `It did not help. ${sentence} Not undone: ${describeError(error)}` },
      context,
    );
    return;
  }
  await finish(proposal, { phase: 'undone', outcome: `It did not help, so it was undone. ${sentence}` }, context);
}

/** The kill switch is asked once more just before every write; unreadable counts as engaged. */
async function readHalt(context: OpsContext): Promise<string | undefined> {
  try {
    const state = await context.controls.killSwitch();
    return state.engaged
      ? `Lifeguard was paused by ${state.by} (${state.reason}) before the write; nothing was changed.`
      : undefined;
  } catch (error) {
    return `The kill switch cannot be read (${describeError(error)}), so nothing was changed.`;
  }
}

/** Errors that trying again will not change. */
function isDecisive(error: unknown): boolean {
  return hasCode(error, 'cluster-conflict') || (error instanceof LifeguardError && error.retry === 'permanent');
}

function requirePlan(execution: Execution): Plan {
  if (execution.plan === undefined) throw unplanned(execution);
  return execution.plan;
}

function unplanned({ id, phase }: Execution): LifeguardError {
  return new LifeguardError(`Execution ${id} is ${phase} without a plan.`, {
    code: 'action-invalid',
    retry: 'permanent',
  });
}

type Change = Partial<Omit<Execution, 'id' | 'version'>>;

async function move(proposal: Proposal, change: Change, context: OpsContext): Promise<void> {
  await context.executions.update(proposal.id, (current) => ({ ...current, ...change, version: current.version + 1 }));
  await context.journal.touch(proposal.incidentId);
}

const endings: Readonly<Partial<Record<ExecutionPhase, TimelineEntry['kind']>>> = {
  proven: 'proven',
  unproven: 'unproven',
  undone: 'undone',
  refused: 'refused',
};

async function finish(
  proposal: Proposal,
  change: Change & { readonly phase: ExecutionPhase; readonly outcome: string },
  context: OpsContext,
): Promise<void> {
  const at = context.clock.now();
  const { phase, outcome } = change;
  await context.audit.append({
    at,
    what: phase,
    who: 'lifeguard',
    subject: refKey(proposal.plan.target),
    detail: outcome,
  });
  const mark: IncidentMark = phase === 'proven' ? { executing: false, resolved: true } : { executing: false };
  await context.journal.note(proposal.incidentId, { at, kind: endings[phase] ?? 'refused', text: outcome }, mark);
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
