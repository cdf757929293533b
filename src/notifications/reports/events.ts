import type { EventRecord } from '../../core/event-record.ts';
import type { Message } from '../../core/ports/channel.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, formatDuration, inline, truncate } from '../blocks/mrkdwn.ts';

interface EventsFacts {
  /** As somebody typed it. */
  readonly about: string;
  readonly ms: number;
  /** Newest first. */
  readonly records: readonly EventRecord[];
  readonly now: number;
}

/** News of the same kind about the same object. */
interface Group {
  readonly newest: EventRecord;
  readonly times: number;
  readonly first: number;
}

const mostListed = 15;
const noteLimit = 160;

/** What Kubernetes said, alike together, warnings first, then the newest. */
export function reportEvents({ about, ms, records, now }: EventsFacts): Message {
  const name = truncate(inline(about), 100);
  if (records.length === 0) {
    const text = `Nothing is kept about ${name} from the last ${formatDuration(ms)}.`;
    return message(text, [section(text)]);
  }
  const groups = [
    ...Map.groupBy(records, ({ kind, name: object, type, reason }) => `${kind}/${object}/${type}/${reason}`),
  ]
    .map(([, own]) => groupOf(own))
    .toSorted((a, b) => rank(a) - rank(b) || b.newest.at - a.newest.at);
  const lines = groups.slice(0, mostListed).map((group) => describe(group, now));
  const more = groups.length - lines.length;
  const title = `*What Kubernetes said about ${name} in the last ${formatDuration(ms)}*`;
  return message(`${records.length} Events about ${about}: ${groups[0]?.newest.reason ?? ''}.`, [
    section([title, ...lines].join('\n')),
    ...(more > 0 ? [context(`… and ${more} more of another kind. A shorter \`--since\` shows less.`)] : []),
  ]);
}

function groupOf(own: readonly EventRecord[]): Group {
  const [newest] = own;
  if (newest === undefined) throw new Error('a group is never empty');
  const times = own.reduce((sum, one) => sum + one.times, 0);
  return { newest, times, first: own.at(-1)?.at ?? newest.at };
}

function rank({ newest }: Group): number {
  return newest.type === 'Normal' ? 1 : 0;
}

function describe({ newest, times, first }: Group, now: number): string {
  const { kind, namespace, name, type, reason, note, at } = newest;
  const word = type === 'Normal' ? '' : `${type.toUpperCase()} `;
  const ago = formatDuration(now - at);
  const often = times === 1 ? `${ago} ago` : `${times}x, last ${ago} ago, first ${formatDuration(now - first)} ago`;
  const object = escapeText(`${kind} ${namespace === '' ? name : `${namespace}/${name}`}`);
  return `• ${word}*${inline(reason)}* ${object} (${often}): ${truncate(inline(note), noteLimit)}`;
}
