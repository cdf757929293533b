import type { Measurement } from '../../core/action.ts';
import type { Execution, ExecutionPhase } from '../../core/execution.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import { escapeText, formatDuration, formatTime } from '../blocks/mrkdwn.ts';

/** The same words for the eye (mrkdwn) and for the ear (plain). */
export interface Words {
  readonly rich: string;
  readonly plain: string;
}

/** How far each phase has come on the list of steps. */
const reached: Readonly<Record<ExecutionPhase, number>> = {
  rechecking: 0,
  applying: 1,
  verifying: 2,
  undoing: 3,
  proven: 3,
  unproven: 3,
  undone: 4,
  refused: 0,
};

/** The run as a list that is ticked off in place. */
export function describeSteps(execution: Execution): Words {
  const { phase, appliedAt, verification } = execution;
  const step = reached[phase];
  const applied = appliedAt === undefined ? '' : ` ${formatTime(appliedAt)}`;
  const watching = verification === undefined || verification.settled ? '' : `: ${escapeText(verification.sentence)}`;
  const line = (index: number, text: string): string => `${mark(index - step, phase)} ${text}`;
  const lines = [
    line(0, 'Plan made again and compared with what was approved; guardrails asked again'),
    line(1, `Change applied${applied}`),
    line(2, `Watching whether it helps${watching}`),
  ];
  if (phase === 'undoing' || phase === 'undone') lines.push(line(3, 'It did not help: putting the former state back'));
  return { rich: lines.join('\n'), plain: `The change is ${phase}.` };
}

/** `distance`: steps from where the run is; words as well as signs, for those who cannot see them. */
function mark(distance: number, phase: ExecutionPhase): string {
  if (distance < 0) return ':white_check_mark: Done:';
  if (phase === 'refused') return ':no_entry: Stopped:';
  return distance === 0 ? ':hourglass_flowing_sand: Now:' : ':white_circle: Next:';
}

/** The end, with the numbers before and after. */
export function describeResult(proposal: Proposal, execution: Execution): Words {
  const { phase, outcome, finishedAt, startedAt } = execution;
  const name = refName(proposal.plan.target);
  const word = phase === 'proven' ? `${name} is healed` : endings[phase];
  const took =
    finishedAt === undefined
      ? ''
      : ` It took ${formatDuration(finishedAt - (proposal.decision?.at ?? startedAt))} from the decision to this result.`;
  const proof = describeProof(execution);
  const plain = `${word}. ${outcome ?? ''}`;
  return { plain, rich: `*${escapeText(word)}.* ${escapeText(outcome ?? '')}${took}${proof}` };
}

const endings: Readonly<Record<ExecutionPhase, string>> = {
  rechecking: 'Not finished',
  applying: 'Not finished',
  verifying: 'Not finished',
  undoing: 'Not finished',
  proven: 'Healed',
  unproven: 'Not proven',
  undone: 'Undone',
  refused: 'Nothing was changed',
};

function describeProof({ before, after }: Execution): string {
  if (before === undefined || after === undefined) return '';
  return `\n• Ready pods: ${ready(before)} → ${ready(after)}\n• Restarts of the present pods: ${before.restarts} → ${after.restarts}\n• Findings: ${found(before)} → ${found(after)}`;
}

function ready({ ready: count, desired }: Measurement): string {
  return `${count}/${desired}`;
}

function found({ findings }: Measurement): string {
  return findings.length === 0 ? 'none' : findings.join(', ');
}
