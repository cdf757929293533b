import type { Measurement, Plan } from '../../core/action.ts';
import type { Execution, ExecutionPhase } from '../../core/execution.ts';
import type { Incident } from '../../core/incident.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import { formatDuration, formatTime, inline } from '../blocks/mrkdwn.ts';
import { isAboutIncident } from './snapshot.ts';
import type { Words } from './words.ts';

/** How many steps of the list each phase has behind it. */
const reached: Readonly<Record<ExecutionPhase, number>> = {
  rechecking: 0,
  applying: 1,
  advancing: 1,
  verifying: 2,
  undoing: 3,
  proven: 3,
  unproven: 3,
  undone: 4,
  refused: 0,
};

/** The run as a list that is ticked off in place. */
export function describeSteps(execution: Execution): Words {
  const { phase, appliedAt, plan } = execution;
  const refused = phase === 'refused';
  // The plan is stored when the recheck has passed, so a refusal with a plan came from the write itself.
  const behind = refused && plan !== undefined ? 1 : reached[phase];
  const steps = [
    `Plan made again and compared with what was approved, guardrails asked again${isAboutIncident(plan) ? '' : ', dry run by the API server'}`,
    `Change applied${appliedAt === undefined ? '' : ` ${formatTime(appliedAt)}`}${describeProgress(execution)}`,
    `Watching whether it helps${describeWatch(execution)}`,
    ...(phase === 'undoing' || phase === 'undone' ? ['It did not help: putting the former state back'] : []),
  ];
  const lines = steps.map((text, index) => `${mark(index - behind, refused)} ${text}`);
  return { rich: lines.join('\n'), plain: `Carrying out: ${plainPhases[phase]}.` };
}

/** `distance`: steps from where the run is; words as well as signs, for those who cannot see them. */
function mark(distance: number, refused: boolean): string {
  if (distance < 0) return ':white_check_mark: Done:';
  if (refused) return distance === 0 ? ':no_entry: Stopped:' : ':heavy_minus_sign: Not done:';
  return distance === 0 ? ':hourglass_flowing_sand: Now:' : ':white_circle: Next:';
}

/** How far it is, where it takes many steps. */
function describeProgress({ progress }: Execution): string {
  return progress === undefined ? '' : `: ${inline(progress.text)}`;
}

/** What is seen while waiting. No counting seconds: each change of the text costs one of Slack's scarce edits. */
function describeWatch({ phase, after }: Execution): string {
  if (phase !== 'verifying' || after === undefined) return '';
  const calm = after.stableSince === null ? '' : `, all calm since ${formatTime(after.stableSince)}`;
  return `: ready ${ready(after)}${calm}`;
}

const plainPhases: Readonly<Record<ExecutionPhase, string>> = {
  rechecking: 'checking once more',
  applying: 'applying the change',
  advancing: 'applying the change, step by step',
  verifying: 'applied, watching whether it helps',
  undoing: 'it did not help, undoing it',
  proven: 'done, and it helped',
  unproven: 'done, not proven',
  undone: 'it did not help and was undone',
  refused: 'stopped before anything was changed',
};

interface Finished {
  readonly incident: Incident;
  readonly proposal: Proposal;
  readonly execution: Execution;
}

/** The end, with the numbers before and after. */
export function describeResult({ incident, proposal, execution }: Finished): Words {
  const { outcome = '', finishedAt, startedAt } = execution;
  const headline = describeEnding(execution, proposal.plan, incident);
  const decidedAt = proposal.decision?.at ?? startedAt;
  const took =
    finishedAt === undefined ? '' : ` ${formatDuration(finishedAt - decidedAt)} from the decision to this result.`;
  return {
    plain: `${headline}. ${outcome}`,
    rich: `*${inline(headline)}.* ${inline(outcome)}${took}${describeProof(execution)}`,
  };
}

/** The outcome follows; it says "not proven" or "did not help" itself. */
function describeEnding({ phase }: Execution, plan: Plan, { finding }: Incident): string {
  const name = refName(plan.target);
  const mends = finding !== undefined && !isAboutIncident(plan);
  if (phase === 'proven') return mends ? `${name} is healed` : `The change of ${name} is proven`;
  if (phase === 'undone') return `The change of ${name} was undone`;
  return phase === 'refused' ? `Nothing was changed at ${name}` : `Please look at ${name}`;
}

function describeProof({ before, after }: Execution): string {
  if (before === undefined || after === undefined || after.desired + before.desired === 0) return '';
  return [
    '',
    `• Ready pods: ${ready(before)} → ${ready(after)}`,
    `• Restarts of the present pods: ${before.restarts} → ${after.restarts}`,
    `• Findings: ${found(before)} → ${found(after)}`,
  ].join('\n');
}

function ready({ ready: count, desired }: Measurement): string {
  return `${count}/${desired}`;
}

function found({ findings }: Measurement): string {
  return findings.length === 0 ? 'none' : inline(findings.join(', '));
}
