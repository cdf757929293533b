import { namespacesOf, type Plan, type Traffic } from '../../core/action.ts';
import { describeError } from '../../core/errors.ts';
import type { Execution } from '../../core/execution.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { OpsContext } from '../context.ts';
import { tallyOf } from '../preview.ts';
import { type Outdated, type Recheck, recheck, supersede } from '../recheck.ts';
import { readTraffic } from '../workload/traffic.ts';
import { executing, finish, move, type Step } from './step.ts';

/**
 * Karpenter's delayed validation: plan and judge again, now, against the live object. The attempt is counted before it is judged, so that of
 * those that run at the same time each sees the others: together they never get past a limit.
 */
export async function recheckStep({ proposal, action }: Step, context: OpsContext): Promise<void> {
  const { id: executionId, incidentId, plan } = proposal;
  const tally = await tallyOf(incidentId, plan, context);
  await context.ledger.record({ ...tally, at: context.clock.now(), namespaces: namespacesOf(plan), executionId });
  const checked = await recheck(proposal, action, context);
  const before = 'plan' in checked ? await action.measure(checked.plan, context) : undefined;
  if (!('plan' in checked) || before === undefined) {
    // What is not carried out was no attempt, and holds nothing back.
    await context.ledger.withdraw(executionId);
    await finish(proposal, { phase: 'refused', ...(await describeRefusal(proposal, checked, context)) }, context);
    return;
  }
  const traffic = await lookAtTraffic(checked.plan, context);
  const measured = traffic === undefined ? before : { ...before, traffic };
  await move(proposal, { phase: 'applying', plan: checked.plan, rulings: checked.rulings, before: measured }, context);
  await context.journal.touch(proposal.incidentId, executing(proposal, true));
}

async function describeRefusal(
  proposal: Proposal,
  checked: Recheck | Outdated,
  context: OpsContext,
): Promise<Pick<Execution, 'rulings'> & { readonly outcome: string }> {
  if ('outdated' in checked) return { outcome: (await supersede(proposal, checked, context)).refused };
  if ('refused' in checked) return { outcome: checked.refused, rulings: checked.rulings };
  return { outcome: `${refKey(checked.plan.target)} is gone; there is nothing to act on.` };
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
