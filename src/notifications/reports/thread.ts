import type { Execution } from '../../core/execution.ts';
import { isFinished } from '../../core/execution.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, fence, formatPerson, formatPlainTime, formatTime } from '../blocks/mrkdwn.ts';
import { describeResult, describeSteps } from './execution.ts';
import { executionOf, type Snapshot } from './snapshot.ts';

/** One message of the thread. The key is stable: the entry is posted once and edited when its content changes. */
export interface ThreadEntry {
  readonly key: string;
  readonly message: Message;
}

/** Longest log shown in a message, characters; Slack folds longer ones. */
const logLimit = 2_400;

/** The thread in the order it is posted: evidence, then each proposal with its run and result, and the turns of the story between. */
export function renderThread(snapshot: Snapshot): readonly ThreadEntry[] {
  const { incident, proposals, executions } = snapshot;
  const dated = [
    ...evidenceEntry(incident),
    ...proposals.map((proposal) => ({ at: proposal.createdAt, ...proposalEntry(proposal) })),
    ...proposals.flatMap((proposal) => runEntries(proposal, executionOf(snapshot, proposal))),
    ...turns(incident, executions),
  ];
  return dated.toSorted((a, b) => a.at - b.at).map(({ key, message: content }) => ({ key, message: content }));
}

type Dated = ThreadEntry & { readonly at: number };

function evidenceEntry(incident: Incident): Dated[] {
  if (incident.evidence.length === 0) return [];
  const blocks = incident.evidence.flatMap(({ id, kind, source, text }) => {
    const body =
      kind === 'log'
        ? fence(text, logLimit)
        : text
            .split('\n')
            .map((line) => `• ${escapeText(line)}`)
            .join('\n');
    return [section(`*${id} · ${escapeText(source)}*\n${body}`)];
  });
  const text = `Evidence for ${incident.title}: ${incident.evidence.map(({ source }) => source).join('; ')}.`;
  return [{ at: incident.openedAt, key: 'evidence', message: message(text, blocks) }];
}

function proposalEntry(proposal: Proposal): ThreadEntry {
  const { plan, reason } = proposal;
  const lines = [
    `*Proposed:* ${escapeText(plan.summary)}`,
    `• Why: ${escapeText(reason)}`,
    `• Touches: ${escapeText(plan.blastRadius)}`,
    `• Risk: ${plan.risk}. Way back: ${escapeText(plan.undo)}`,
    ...rulingLines(proposal),
  ];
  const decision = describeDecision(proposal);
  const text = `Proposed: ${plan.summary} ${decision.plain}`;
  return {
    key: `proposal-${proposal.id}`,
    message: message(text, [section(lines.join('\n')), context(decision.rich)]),
  };
}

function rulingLines({ rulings }: Proposal): string[] {
  const telling = rulings.filter(
    ({ guardrail, verdict }) => verdict.answer === 'needs-approval' || guardrail === 'autonomy',
  );
  return telling.map(({ guardrail, verdict }) => `• Guardrail ${guardrail}: ${escapeText(verdict.reason)}`);
}

function describeDecision({ state, decision, expiresAt, supersededBy }: Proposal): {
  readonly rich: string;
  readonly plain: string;
} {
  const by = decision === undefined ? '' : ` by ${formatPerson(decision.by)}, ${formatTime(decision.at)}`;
  switch (state) {
    case 'awaiting-approval':
      return {
        rich: `Waiting for an approver until ${formatTime(expiresAt)}.`,
        plain: `Waiting for approval until ${formatPlainTime(expiresAt)}.`,
      };
    case 'approved':
    case 'executed':
      return { rich: `Approved${by}.`, plain: 'Approved.' };
    case 'rejected':
      return { rich: `Rejected${by}. Nothing was changed.`, plain: 'Rejected.' };
    case 'denied':
      return { rich: `Approved${by}, then held back: see below. Nothing was changed.`, plain: 'Held back.' };
    case 'expired':
      return supersededBy === undefined
        ? { rich: 'Expired. Nothing was changed.', plain: 'Expired.' }
        : {
            rich: `Expired: the workload changed${by === '' ? '' : ` after the approval${by}`}. A new proposal replaces this one.`,
            plain: 'Expired: the workload changed.',
          };
  }
}

function runEntries(proposal: Proposal, execution: Execution | undefined): Dated[] {
  if (execution === undefined) return [];
  const steps = describeSteps(execution);
  const run = {
    at: execution.startedAt + 1,
    key: `execution-${execution.id}`,
    message: message(steps.plain, [section(steps.rich)]),
  };
  if (!isFinished(execution)) return [run];
  const result = describeResult(proposal, execution);
  const at = (execution.finishedAt ?? execution.startedAt) + 2;
  return [run, { at, key: `result-${execution.id}`, message: message(result.plain, [section(result.rich)]) }];
}

const turnWords: Readonly<Partial<Record<TimelineEntry['kind'], string>>> = {
  denied: 'Held back',
  refused: 'Not possible',
  escalated: 'Over to people',
  reopened: 'It is back',
  resolved: 'Resolved',
};

/** Turns of the story that no proposal tells. A refusal that ended an execution is told by its result. */
function turns({ timeline }: Incident, executions: readonly Execution[]): Dated[] {
  const told = new Set(executions.map(({ outcome }) => outcome));
  return timeline.flatMap(({ at, kind, text }) => {
    const word = turnWords[kind];
    if (word === undefined || told.has(text)) return [];
    return [
      {
        at: at + 3,
        key: `${kind}-${at}`,
        message: message(`${word}: ${text}`, [section(`*${word}:* ${escapeText(text)}`)]),
      },
    ];
  });
}
