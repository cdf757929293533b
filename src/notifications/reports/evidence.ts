import type { KnownBlock } from '@slack/types';
import type { Evidence } from '../../core/evidence.ts';
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

/** Pieces shown; what is beyond them says least. */
const mostShown = 10;

/** Pictures in one message; Slack's limit. */
const mostCharts = 2;

/** For what to do next, characters. */
const adviceLimit = 1_200;

/** The facts behind the cause, quoted with their source, and what a person would do next. */
export function renderEvidence(incident: Incident): Message {
  const { title, evidence } = incident;
  const advice = adviceOf(incident);
  const limit = Math.min(quoteLimit, Math.floor(allLimit / Math.min(evidence.length, mostShown)));
  const drawn = evidence.filter(({ chart }) => chart !== undefined).slice(0, mostCharts);
  const blocks = evidence.slice(0, mostShown).flatMap((one): (KnownBlock | LineChartBlock)[] => {
    const said = section(`*${headlineOf(one)}*\n${bodyOf(one, limit)}`);
    return one.chart !== undefined && drawn.includes(one) ? [said, lineChart(one.chart)] : [said];
  });
  const quoted = evidence.length === 0 ? 'none was found' : evidence.map(({ source }) => source).join('; ');
  const told = advice.length === 0 ? '' : ` Next: ${advice.join(' ')}`;
  return message(`Evidence for ${title}: ${quoted}.${told}`, [...blocks, ...adviceBlocks(advice)]);
}

function adviceBlocks(advice: readonly string[]): KnownBlock[] {
  if (advice.length === 0) return [];
  return [section(truncate(`*What to do next*\n${advice.map((line) => `• ${inline(line)}`).join('\n')}`, adviceLimit))];
}

function headlineOf({ id, source, at }: Evidence): string {
  const when = at === undefined ? '' : ` · ${formatTime(at)}`;
  return `${inline(id)} · ${truncate(inline(source), 200)}${when}`;
}

function bodyOf({ kind, text }: Evidence, limit: number): string {
  if (kind === 'log') return fence(text, limit);
  const lines = text.split('\n').map((line) => `• ${escapeText(line)}`);
  return truncate(lines.join('\n'), limit);
}
