import type { Execution } from '../../core/execution.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { message, section } from '../blocks/blocks.ts';
import { escapeText, formatPerson } from '../blocks/mrkdwn.ts';
import { describeCallee, describeNextAsking, type Words } from './words.ts';

/** One message of the thread. The key is stable: the entry is posted once and edited when its content changes. */
export interface ThreadEntry {
  readonly key: string;
  readonly message: Message;
}

/** `at`: epoch milliseconds, by which the thread is put in order. */
export type DatedEntry = ThreadEntry & { readonly at: number };

const turnWords: Readonly<Partial<Record<TimelineEntry['kind'], string>>> = {
  denied: 'Held back',
  refused: 'Not possible',
  escalated: 'Over to people',
  reopened: 'It is back',
  joined: 'Joined',
  promoted: 'The cause',
  left: 'Left',
  merged: 'Merged',
  stopped: 'To be stopped',
  silenced: 'Silenced',
  unsilenced: 'No longer silenced',
  acknowledged: 'Acknowledged',
  assigned: 'Assigned',
  snoozed: 'Snoozed',
  woken: 'Awake',
  dismissed: 'Closed',
  called: 'Calling',
  resolved: 'Resolved',
};

/** Turns of the story that no proposal tells. A refusal that ended an execution is told by its result. */
export function describeTurns({ timeline }: Incident, executions: readonly Execution[]): DatedEntry[] {
  const told = new Set(executions.map(({ outcome }) => outcome));
  const shown = foldDenials(timeline.filter(({ kind, text }) => turnWords[kind] !== undefined && !told.has(text)));
  return shown.map((turn, index) => {
    const { at, kind, opening } = turn;
    const namesakes = shown.slice(0, index).filter((other) => other.kind === kind && other.opening === opening).length;
    const { rich, plain } = describeTurn(turn);
    return {
      at: at + 3,
      key: `${kind}-${opening}${namesakes === 0 ? '' : `-${namesakes + 1}`}`,
      message: message(plain, [section(rich)]),
    };
  });
}

function describeTurn(turn: Turn): Words {
  const { kind, text, by, call } = turn;
  const again = describeNextAsking(turn);
  const word = turnWords[kind] ?? kind;
  const whom = call === undefined ? '' : ` ${describeCallee(call)}`;
  const who = by === undefined ? '' : ` by ${formatPerson(by)}`;
  return {
    rich: `*${word}${kind === 'assigned' ? ' to' : ''}${whom}${who}:* ${escapeText(text)}${again.rich}`,
    plain: `${word}: ${text}${again.plain}`,
  };
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
