import type { Progress } from '../../core/action.ts';
import { describeError } from '../../core/errors.ts';
import { markOf } from '../action.ts';
import { actAs, deciderOf } from '../authority.ts';
import type { OpsContext } from '../context.ts';
import { finish, isDecisive, move, readStop, requirePlan, type Step } from './step.ts';

/**
 * The next of many steps. Between two of them the kill switch and people can stop it: then it stays where it is, and says how far it came. One
 * that gets no further within the deadline of the verification did not help.
 */
export async function advanceStep(step: Step, context: OpsContext): Promise<void> {
  const { proposal, execution } = step;
  const soFar = execution.progress?.text ?? '';
  const stopped = await readStop(execution, context);
  if (stopped !== undefined) {
    await finish(proposal, { phase: 'unproven', outcome: `${stopped} ${soFar}`.trim() }, context);
    return;
  }
  const progress = await takeStep(step, context);
  if ('failed' in progress) return await giveUp(step, progress.failed, context);
  const now = context.clock.now();
  // What it is proven by begins with the last step.
  if (progress.left === 0) return await move(proposal, { phase: 'verifying', progress, appliedAt: now }, context);
  if (now - progress.since >= context.policy.verification.deadlineMs)
    return await giveUp(step, `It got no further. ${progress.text}`, context);
  const isSame = progress.left === execution.progress?.left && progress.text === execution.progress.text;
  if (!isSame) await move(proposal, { progress }, context);
}

async function takeStep(
  { proposal, execution, action }: Step,
  context: OpsContext,
): Promise<Progress | { readonly failed: string }> {
  const plan = requirePlan(execution);
  const now = context.clock.now();
  try {
    const next = await action.advance?.(
      { plan, mark: markOf(execution, 'apply') },
      actAs(deciderOf(proposal), context),
    );
    const { left, text } = next ?? { left: 0, text: '' };
    const { progress } = execution;
    return { left, text, since: progress !== undefined && left >= progress.left ? progress.since : now };
  } catch (error) {
    if (!isDecisive(error)) throw error;
    return { failed: describeError(error) };
  }
}

/** Undone where there is a way back, otherwise left as it is, for people. */
async function giveUp({ proposal, execution, action }: Step, sentence: string, context: OpsContext): Promise<void> {
  const verification = { verdict: 'unchanged', settled: true, sentence } as const;
  const plan = requirePlan(execution);
  if (action.undo === undefined || plan.inverse === null) {
    await finish(proposal, { verification, phase: 'unproven', outcome: `${sentence} ${plan.undo}` }, context);
    return;
  }
  await move(proposal, { verification, phase: 'undoing' }, context);
}
