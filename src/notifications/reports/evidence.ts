import type { KnownBlock } from '@slack/types';
import { citableOf } from '../../core/citable.ts';
import type { Evidence, Injection } from '../../core/evidence.ts';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { message, section } from '../blocks/blocks.ts';
import { type LineChartBlock, lineChart } from '../blocks/line-chart.ts';
import { escapeText, fence, formatTime, inline, truncate } from '../blocks/mrkdwn.ts';
import { adviceOf } from './words.ts';

/** Longest quote, characters; Slack folds longer ones. */
const quoteLimit = 2_400;

/** For all quotes together, so that the message stays within Slack's size. */
const allLimit = 8_000;

/** What is quoted at least of a log that is as long, characters. */
export const leastQuote = 800;

/** Pieces shown; what is beyond them says least. */
const mostShown = 10;

/** Pictures in one message; Slack's limit. */
const mostCharts = 2;

/** For what to do next, characters. */
const adviceLimit = 1_200;

/** For warnings of texts that try to give instructions: lines, and characters of what is quoted of each. */
const warnings = { most: 4, excerpt: 130 } as const;

/** The facts behind the cause, quoted with their source, and what a person would do next; first what is wrong with the facts themselves. */
export function renderEvidence(incident: Incident): Message {
  const { title, evidence } = incident;
  const advice = adviceOf(incident);
  const limit = limitOf(evidence);
  const drawn = evidence.filter(({ chart }) => chart !== undefined).slice(0, mostCharts);
  const blocks = groupPatterns(evidence.slice(0, mostShown)).flatMap((group): (KnownBlock | LineChartBlock)[] => {
    const [one] = group;
    if (one.kind === 'pattern') return [section(describePatterns(group, limit * group.length))];
    const said = section(`*${headlineOf(one)}*\n${bodyOf(one, limit)}`);
    return one.chart !== undefined && drawn.includes(one) ? [said, lineChart(one.chart)] : [said];
  });
  const quoted = evidence.length === 0 ? 'none was found' : evidence.map(({ source }) => source).join('; ');
  const told = advice.length === 0 ? '' : ` Next: ${advice.join(' ')}`;
  const warned = warn(incident);
  return message(`${warned.plain}Evidence for ${title}: ${quoted}.${told}`, [
    ...warned.blocks,
    ...blocks,
    ...adviceBlocks(advice),
  ]);
}

/** Characters of each piece. */
function limitOf({ length }: readonly Evidence[]): number {
  return Math.max(leastQuote, Math.min(quoteLimit, Math.floor(allLimit / Math.min(length, mostShown))));
}

/** A log that is kept whole, to be attached to the thread. */
export interface FileEntry {
  readonly key: string;
  /** Under which the log is kept. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
}

/** Of logs that have more than the message quotes. */
export function filesOf({ evidence }: Incident): readonly FileEntry[] {
  const limit = limitOf(evidence);
  return evidence.flatMap(({ whole, source, text }) => {
    if (whole === undefined || (whole.lines <= text.split('\n').length && !isFolded(text, limit))) return [];
    return [{ key: `file-${whole.id}`, id: whole.id, name: whole.file, title: source }];
  });
}

function isFolded(text: string, limit: number): boolean {
  return fence(text, limit) !== fence(text, Number.POSITIVE_INFINITY);
}

type Group = readonly [Evidence, ...Evidence[]];

/** Patterns of the same logs are told together. */
function groupPatterns(evidence: readonly Evidence[]): readonly Group[] {
  const groups: Group[] = [];
  for (const one of evidence) {
    const last = groups.at(-1);
    const joins = one.kind === 'pattern' && last?.[0].kind === 'pattern' && last[0].source === one.source;
    if (joins) groups[groups.length - 1] = [...last, one];
    else groups.push([one]);
  }
  return groups;
}

/** How often, from when to when, what, and one line as it was written. */
function describePatterns(group: Group, limit: number): string {
  const title = `*Patterns · ${truncate(inline(group[0].source), 200)}*`;
  const each = Math.floor((Math.min(limit, quoteLimit) - title.length) / group.length);
  const lines = group.map(({ id, text }) => {
    const [head = '', ...sample] = text.split('\n');
    const said = sample.map((line) => `\n      ${inline(line)}`).join('');
    return truncate(`• *${inline(id)}* ${inline(head)}${said}`, each);
  });
  return [title, ...lines].join('\n');
}

const tries: Readonly<Record<Injection['what'], string>> = {
  instructions: 'tries to give instructions',
  approval: 'claims an approval',
  mention: 'tries to call people',
  tools: 'passes itself off as a part of a conversation with a model',
};

/** What is said of texts of one sort alone. */
const sorts: readonly (readonly [words: string, kinds: readonly Evidence['kind'][]])[] = [
  ['A log line', ['log', 'pattern']],
  ['A second opinion', ['opinion']],
];

/** Somebody tries to be heard by a model or by people through the cluster; people should know, and that it came to nothing. */
function warn(incident: Incident): { readonly blocks: readonly KnownBlock[]; readonly plain: string } {
  const { injections = [] } = incident;
  if (injections.length === 0) return { blocks: [], plain: '' };
  const sources = new Map(citableOf(incident).map((one) => [one.id, one]));
  const told = injections.slice(0, warnings.most).map(({ id, what, excerpt }) => {
    const source = truncate(inline(sources.get(id)?.source ?? 'no longer shown'), 120);
    return `• ${inline(id)} (${source}) ${tries[what]}: “${truncate(inline(excerpt), warnings.excerpt)}”`;
  });
  const more = injections.length - told.length;
  const rest = more > 0 ? [`… and ${more} more.`] : [];
  const kinds = injections.map(({ id }) => sources.get(id)?.kind ?? 'status');
  const [who] = sorts.find(([, sort]) => kinds.every((kind) => sort.includes(kind))) ?? ['A text of the cluster'];
  const text = `${who} tries to give instructions. It was treated as data.`;
  return {
    blocks: [section(`:warning: *Warning: ${text}*\n${[...told, ...rest].join('\n')}`)],
    plain: `Warning: ${text} `,
  };
}

function adviceBlocks(advice: readonly string[]): KnownBlock[] {
  if (advice.length === 0) return [];
  return [section(truncate(`*What to do next*\n${advice.map((line) => `• ${inline(line)}`).join('\n')}`, adviceLimit))];
}

function headlineOf({ id, source, at }: Evidence): string {
  const when = at === undefined ? '' : ` · ${formatTime(at)}`;
  return `${inline(id)} · ${truncate(inline(source), 200)}${when}`;
}

function bodyOf({ kind, text, whole }: Evidence, limit: number): string {
  if (kind !== 'log') {
    const lines = text.split('\n').map((line) => `• ${escapeText(line)}`);
    return truncate(lines.join('\n'), limit);
  }
  const lines = whole?.lines ?? 0;
  const shown = fence(text, limit);
  if (lines > text.split('\n').length)
    return `${shown}\nThese are the newest of ${lines} lines; all of them are in the file below. If there is none, mention me here with \`logs\`.`;
  return isFolded(text, limit)
    ? `${shown}\nThese are its newest lines. Mention me here with \`logs\` to get more as a file.`
    : shown;
}
