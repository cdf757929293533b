import { refKey } from '../../core/resource-ref.ts';
import type { OpsContext } from '../context.ts';
import { recheck } from '../recheck.ts';
import { finish, move, type Step } from './step.ts';

/** Karpenter's delayed validation: plan and judge again, now, against the live object. */
export async function recheckStep({ proposal, action }: Step, context: OpsContext): Promise<void> {
  const checked = await recheck(proposal, action, context);
  if ('refused' in checked) {
    await finish(proposal, { phase: 'refused', outcome: checked.refused, rulings: checked.rulings }, context);
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
  await move(proposal, { phase: 'applying', plan: checked.plan, rulings: checked.rulings, before }, context);
  await context.journal.touch(proposal.incidentId, { executing: true });
}
