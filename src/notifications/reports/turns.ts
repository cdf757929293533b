import type { TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { message, section } from '../blocks/blocks.ts';
import { formatPerson, inline, truncate } from '../blocks/mrkdwn.ts';
import { linkSuccessor, type Snapshot } from './snapshot.ts';
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
export function describeTurns(snapshot: Snapshot): DatedEntry[] {
  const { timeline } = snapshot.incident;
  const told = new Set(snapshot.executions.map(({ outcome }) => outcome));
  const shown = foldRuns(timeline.filter(({ kind, text }) => turnWords[kind] !== undefined && !told.has(text)));
  return shown.map((turn, index) => {
    const { kind, at } = turn.first;
    const namesakes = shown.slice(0, index).filter(({ first }) => first.kind === kind && first.at === at).length;
    const { rich, plain } = describeTurn(turn, snapshot);
    return {
      at: at + 3,
      key: `${kind}-${at}${namesakes === 0 ? '' : `-${namesakes + 1}`}`,
      message: message(plain, [section(rich)]),
    };
  });
}

function describeTurn({ newest, texts }: Turn, snapshot: Snapshot): Words {
  const { kind, text, by, call } = newest;
  const again = describeNextAsking(newest);
  const word = turnWords[kind] ?? kind;
  if (kind === 'joined' && texts.length > 1) return describeJoined(word, texts);
  const whom = call === undefined ? '' : ` ${describeCallee(call)}`;
  const who = by === undefined ? '' : ` by ${formatPerson(by)}`;
  return {
    rich: `*${word}${kind === 'assigned' ? ' to' : ''}${whom}${who}:* ${linkSuccessor(text, snapshot)}${again.rich}`,
    plain: `${word}: ${text}${again.plain}`,
  };
}

/** Lines of one post about what joined; a node that goes down takes more with it than people read. */
const mostJoined = 10;

function describeJoined(word: string, texts: readonly string[]): Words {
  const lines = texts.slice(0, mostJoined).map((text) => `• ${truncate(inline(text), 240)}`);
  const more = texts.length - lines.length;
  const title = `${word}: ${texts.length} findings`;
  return { rich: [`*${title}*`, ...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'), plain: title };
}

/** One message of the thread for one entry, or for several of a kind in a row. */
interface Turn {
  /** When it was posted, and so its key, goes by the first of them. */
  readonly first: TimelineEntry;
  readonly newest: TimelineEntry;
  readonly texts: readonly string[];
}

/** A guardrail is asked again and again, and says its newest reason; what one cause takes with it comes one after the other. */
const folded: ReadonlySet<TimelineEntry['kind']> = new Set(['denied', 'joined']);

function foldRuns(timeline: readonly TimelineEntry[]): readonly Turn[] {
  const turned: Turn[] = [];
  for (const entry of timeline) {
    const last = turned.at(-1);
    if (last !== undefined && last.newest.kind === entry.kind && folded.has(entry.kind)) {
      turned[turned.length - 1] = { ...last, newest: entry, texts: [...last.texts, entry.text] };
    } else turned.push({ first: entry, newest: entry, texts: [entry.text] });
  }
  return turned;
}
