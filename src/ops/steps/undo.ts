import { describeError } from '../../core/errors.ts';
import { markOf } from '../action.ts';
import { actAs, deciderOf } from '../authority.ts';
import type { OpsContext } from '../context.ts';
import { finish, isDecisive, readHalt, requirePlan, type Step } from './step.ts';

/** Puts the former state back, once. */
export async function undoStep({ proposal, execution, action }: Step, context: OpsContext): Promise<void> {
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
    await action.undo?.({ plan, mark: markOf(execution, 'undo') }, actAs(deciderOf(proposal), context));
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
