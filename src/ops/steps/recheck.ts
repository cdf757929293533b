import { namespacesOf, type Plan, type Traffic } from '../../core/action.ts';
import { describeError } from '../../core/errors.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { OpsContext } from '../context.ts';
import { tallyOf } from '../preview.ts';
import { recheck } from '../recheck.ts';
import { readTraffic } from '../workload/traffic.ts';
import { finish, move, type Step } from './step.ts';

/**
 * Karpenter's delayed validation: plan and judge again, now, against the live object. The attempt is counted before it is judged, so that of
 * those that run at the same time each sees the others: together they never get past a limit.
 */
export async function recheckStep({ proposal, action }: Step, context: OpsContext): Promise<void> {
  const { id: executionId, incidentId, plan } = proposal;
  const tally = await tallyOf(incidentId, plan, context);
  await context.ledger.record({ ...tally, at: context.clock.now(), namespaces: namespacesOf(plan), executionId });
  const checked = await recheck(proposal, action, context);
  if ('refused' in checked) {
    await context.ledger.withdraw(executionId);
    await finish(proposal, { phase: 'refused', outcome: checked.refused, rulings: checked.rulings }, context);
    return;
  }
  const before = await action.measure(checked.plan, context);
  if (before === undefined) {
    await context.ledger.withdraw(executionId);
    await finish(
      proposal,
      { phase: 'refused', outcome: `${refKey(checked.plan.target)} is gone; there is nothing to act on.` },
      context,
    );
    return;
  }
  const traffic = await lookAtTraffic(checked.plan, context);
  const measured = traffic === undefined ? before : { ...before, traffic };
  await move(proposal, { phase: 'applying', plan: checked.plan, rulings: checked.rulings, before: measured }, context);
  await context.journal.touch(proposal.incidentId, { executing: true });
}

/** Prometheus being away holds nothing back: then the proof has nothing to compare with, and says so. */
async function lookAtTraffic({ target }: Plan, context: OpsContext): Promise<Traffic | undefined> {
  try {
    return await readTraffic(target, context);
  } catch (error) {
    context.log.warn('how it serves could not be read', { subject: refKey(target), problem: describeError(error) });
    return undefined;
  }
}
