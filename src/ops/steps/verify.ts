import type { Plan, Verification } from '../../core/action.ts';
import { describeError } from '../../core/errors.ts';
import type { Execution } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import { isWorkloadRef, refKey, refName } from '../../core/resource-ref.ts';
import type { OpsContext } from '../context.ts';
import { compareTraffic, readTraffic } from '../workload/traffic.ts';
import { finish, move, requirePlan, type Step, unplanned } from './step.ts';

/** Measures and judges; ends the execution, or has it undone, once the judgement is settled. */
export async function verifyStep(step: Step, context: OpsContext): Promise<void> {
  const { proposal, execution, action } = step;
  const plan = requirePlan(execution);
  const { before, appliedAt } = execution;
  if (before === undefined || appliedAt === undefined) throw unplanned(execution);
  const after = await action.measure(plan, context);
  const verification: Verification =
    after === undefined
      ? { verdict: 'unknown', settled: true, sentence: `${refKey(plan.target)} was deleted while being verified.` }
      : await confirm(
          step,
          action.verify({ plan, before, after, appliedAt, now: context.clock.now() }, context),
          context,
        );
  const measured = after === undefined ? { verification } : { verification, after };
  if (!verification.settled) {
    await move(proposal, measured, context);
    return;
  }
  await settle(step, { ...measured, verification }, context);
}

/** A workload that does well is the cure only where what was complained about has ended, and where it serves no worse than before. */
async function confirm(step: Step, verification: Verification, context: OpsContext): Promise<Verification> {
  if (verification.verdict !== 'improved') return verification;
  const doubts = [await doubtByIncident(step, context), await compareWithBefore(step, context)];
  const sentence = [verification.sentence, ...doubts.map((doubt) => doubt?.sentence ?? '')].filter(Boolean).join(' ');
  if (doubts.some((doubt) => doubt?.verdict === 'worse')) return { verdict: 'worse', settled: true, sentence };
  if (doubts.every((doubt) => doubt?.verdict !== 'unknown')) return { ...verification, sentence };
  const over = context.clock.now() - (step.execution.appliedAt ?? 0) >= context.policy.verification.deadlineMs;
  return { verdict: 'unknown', settled: over, sentence };
}

type Doubt = Pick<Verification, 'verdict' | 'sentence'>;

/** An alert that fires on, or trouble of an object that the measurement does not see. */
async function doubtByIncident({ proposal, execution }: Step, context: OpsContext): Promise<Doubt | undefined> {
  const incident = await context.incidents.get(proposal.incidentId);
  const { finding } = incident ?? {};
  if (incident?.holds !== true || finding === undefined || isMeasured(finding, requirePlan(execution)))
    return undefined;
  return { verdict: 'unknown', sentence: `But ${finding.title} of ${refName(finding.subject)} goes on.` };
}

async function compareWithBefore({ execution }: Step, context: OpsContext): Promise<Doubt | undefined> {
  try {
    const after = await readTraffic(requirePlan(execution).target, context);
    const { traffic } = context.policy.verification;
    return after === undefined ? undefined : compareTraffic(execution.before?.traffic, after, traffic);
  } catch (error) {
    return { verdict: 'unknown', sentence: `How it serves cannot be read (${describeError(error)}).` };
  }
}

/** Whether what the action measures is what the finding is about. What is only asked to be so (a node is cordoned) is not meant as a cure. */
function isMeasured({ subject, reportedBy }: Finding, { target, affects = [] }: Plan): boolean {
  if (!isWorkloadRef(target) && affects.length === 0) return true;
  return reportedBy === undefined && [target, ...affects].some((one) => refKey(one) === refKey(subject));
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
