import { describeError } from '../../core/errors.ts';
import { refKey } from '../../core/resource-ref.ts';
import { markOf } from '../action.ts';
import { actAs, deciderOf } from '../authority.ts';
import type { OpsContext } from '../context.ts';
import { attemptKeyOf } from '../preview.ts';
import { finish, isDecisive, move, readStop, requirePlan, type Step } from './step.ts';

/** The write. The attempt is counted first, so that a crash cannot hide it; the mark on the object keeps it single. */
export async function applyStep({ proposal, execution, action }: Step, context: OpsContext): Promise<void> {
  const plan = requirePlan(execution);
  const run = { plan, mark: markOf(execution, 'apply') };
  const halted = await readStop(execution, context);
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
    if (halted === undefined) await action.execute(run, actAs(deciderOf(proposal), context));
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
  await move(proposal, { phase: action.advance === undefined ? 'verifying' : 'advancing', appliedAt: at }, context);
  await context.journal.note(proposal.incidentId, { at, kind: 'applied', text: plan.summary }, { executing: true });
}
