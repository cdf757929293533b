import type { Verification } from '../../core/action.ts';
import type { Execution } from '../../core/execution.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { OpsContext } from '../context.ts';
import { finish, move, requirePlan, type Step, unplanned } from './step.ts';

/** Measures and judges; ends the execution, or has it undone, once the judgement is settled. */
export async function verifyStep(step: Step, context: OpsContext): Promise<void> {
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
