import type { Execution } from '../../core/execution.ts';
import { isFinished } from '../../core/execution.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { message, section } from '../blocks/blocks.ts';
import { escapeText } from '../blocks/mrkdwn.ts';
import { renderEvidence } from './evidence.ts';
import { describeResult, describeSteps } from './execution.ts';
import { renderProposal } from './proposal.ts';
import { executionOf, type Snapshot } from './snapshot.ts';
import { describeNextAsking } from './words.ts';

/** One message of the thread. The key is stable: the entry is posted once and edited when its content changes. */
export interface ThreadEntry {
  readonly key: string;
  readonly message: Message;
}

/** The thread in the order it is posted: evidence, then each proposal with its run and result, and the turns of the story between. */
export function renderThread(snapshot: Snapshot): readonly ThreadEntry[] {
  const { incident, proposals, executions, mention } = snapshot;
  const dated = [
    ...evidenceEntry(incident),
    ...proposals.map((proposal) => ({
      at: proposal.createdAt,
      key: `proposal-${proposal.id}`,
      message: renderProposal(proposal, mention?.(proposal)),
    })),
    ...proposals.flatMap((proposal) => runEntries({ incident, proposal, execution: executionOf(snapshot, proposal) })),
    ...turns(incident, executions),
  ];
  return dated.toSorted((a, b) => a.at - b.at).map(({ key, message: content }) => ({ key, message: content }));
}

type Dated = ThreadEntry & { readonly at: number };

function evidenceEntry(incident: Incident): Dated[] {
  if (incident.evidence.length === 0) return [];
  return [{ at: incident.openedAt, key: 'evidence', message: renderEvidence(incident) }];
}

interface Run {
  readonly incident: Incident;
  readonly proposal: Proposal;
  readonly execution: Execution | undefined;
}

/** The steps while they are taken, and a new message with the result, so that people are told of it. */
function runEntries({ incident, proposal, execution }: Run): Dated[] {
  if (execution === undefined) return [];
  const steps = describeSteps(execution);
  const run = {
    at: execution.startedAt + 1,
    key: `execution-${execution.id}`,
    message: message(steps.plain, [section(steps.rich)]),
  };
  if (!isFinished(execution)) return [run];
  const result = describeResult({ incident, proposal, execution });
  const at = (execution.finishedAt ?? execution.startedAt) + 2;
  return [run, { at, key: `result-${execution.id}`, message: message(result.plain, [section(result.rich)]) }];
}

const turnWords: Readonly<Partial<Record<TimelineEntry['kind'], string>>> = {
  denied: 'Held back',
  refused: 'Not possible',
  escalated: 'Over to people',
  reopened: 'It is back',
  joined: 'Joined',
  promoted: 'The cause',
  left: 'Left',
  merged: 'Merged',
  silenced: 'Silenced',
  unsilenced: 'No longer silenced',
  resolved: 'Resolved',
};

/** Turns of the story that no proposal tells. A refusal that ended an execution is told by its result. */
function turns({ timeline }: Incident, executions: readonly Execution[]): Dated[] {
  const told = new Set(executions.map(({ outcome }) => outcome));
  const shown = foldDenials(timeline.filter(({ kind, text }) => turnWords[kind] !== undefined && !told.has(text)));
  return shown.map((turn, index) => {
    const { at, kind, text, opening } = turn;
    const again = describeNextAsking(turn);
    const word = turnWords[kind] ?? kind;
    const namesakes = shown.slice(0, index).filter((other) => other.kind === kind && other.opening === opening).length;
    return {
      at: at + 3,
      key: `${kind}-${opening}${namesakes === 0 ? '' : `-${namesakes + 1}`}`,
      message: message(`${word}: ${text}${again.plain}`, [section(`*${word}:* ${escapeText(text)}${again.rich}`)]),
    };
  });
}

/** `opening`: when the first of the folded entries was written. */
type Turn = TimelineEntry & { readonly opening: number };

/** Denials in a row are one message that says the newest reason; a guardrail is asked again and again. */
function foldDenials(timeline: readonly TimelineEntry[]): readonly Turn[] {
  const turned: Turn[] = [];
  for (const entry of timeline) {
    const last = turned.at(-1);
    if (entry.kind === 'denied' && last?.kind === 'denied') {
      turned[turned.length - 1] = { ...entry, at: last.at, opening: last.opening };
    } else turned.push({ ...entry, opening: entry.at });
  }
  return turned;
}
