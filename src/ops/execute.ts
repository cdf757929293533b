import { LifeguardError } from '../core/errors.ts';
import { type Execution, type ExecutionPhase, isFinished } from '../core/execution.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { Proposal } from '../core/proposal.ts';
import { findAction } from './actions/index.ts';
import type { OpsContext } from './context.ts';
import { advanceStep } from './steps/advance.ts';
import { applyStep } from './steps/apply.ts';
import { recheckStep } from './steps/recheck.ts';
import type { Step } from './steps/step.ts';
import { undoStep } from './steps/undo.ts';
import { verifyStep } from './steps/verify.ts';

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
  advancing: advanceStep,
  verifying: verifyStep,
  undoing: undoStep,
  proven: nothing,
  unproven: nothing,
  undone: nothing,
  refused: nothing,
};

async function nothing(): Promise<void> {}
