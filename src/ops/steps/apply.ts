import { describeError } from '../../core/errors.ts';
import { markOf } from '../action.ts';
import { auditOf } from '../audit-of.ts';
import { actAs, deciderOf } from '../authority.ts';
import type { OpsContext } from '../context.ts';
import { finish, isDecisive, move, readStop, requirePlan, type Step } from './step.ts';

/** The write. It was counted as an attempt before, so that a crash cannot hide it; the mark on the object keeps it single. */
export async function applyStep({ proposal, execution, action }: Step, context: OpsContext): Promise<void> {
  const plan = requirePlan(execution);
  const run = { plan, mark: markOf(execution, 'apply') };
  const halted = await readStop(execution, context);
  if (halted !== undefined && !(await action.isApplied(run, context))) {
    await finish(proposal, { phase: 'refused', outcome: `${halted} Nothing was changed.` }, context);
    return;
  }
  const at = context.clock.now();
  try {
    if (halted === undefined) await action.execute(run, actAs(deciderOf(proposal), context));
  } catch (error) {
    if (!isDecisive(error)) throw error;
    await finish(proposal, { phase: 'refused', outcome: `Not applied: ${describeError(error)}` }, context);
    return;
  }
  const happening = { at, what: 'applied', who: proposal.decision?.by ?? 'lifeguard', detail: plan.summary };
  await context.audit.append(auditOf(happening, proposal, execution));
  await move(proposal, { phase: action.advance === undefined ? 'verifying' : 'advancing', appliedAt: at }, context);
  await context.journal.note(proposal.incidentId, { at, kind: 'applied', text: plan.summary }, { executing: true });
}
