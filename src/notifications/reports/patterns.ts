import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble, type LogLevel } from '../../core/log-record.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { WorkloadPatterns } from '../../core/ports/workload-logs.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, formatDuration, inline, truncate } from '../blocks/mrkdwn.ts';
import { sourceOf } from './logs.ts';

interface PatternsFacts {
  readonly ref: ResourceRef;
  readonly found: WorkloadPatterns;
  /** How far back was asked for, milliseconds. */
  readonly backMs: number;
  readonly now: number;
}

const mostListed = 12;
const lineLimit = 220;

/** What a workload writes, alike lines together: errors first, then what is said most. */
export function reportPatterns({ ref, found, backMs, now }: PatternsFacts): Message {
  const { logs } = found;
  const name = truncate(inline(refName(ref)), 100);
  const span = formatDuration(backMs);
  const age = formatDuration(now - logs.since);
  const { patterns } = logs;
  if (patterns.length === 0) {
    const text = `${name} has written nothing in the last ${span}.`;
    return message(text, [section(text), context(sourceOf(found))]);
  }
  const ordered = patterns.toSorted((a, b) => rank(a.level) - rank(b.level) || b.count - a.count);
  const lines = ordered.slice(0, mostListed).map((pattern) => describe(pattern, now));
  const total = patterns.reduce((sum, { count }) => sum + count, 0);
  const more = patterns.length - lines.length;
  return message(`${patterns.length} patterns in ${total} lines of ${name}: ${ordered[0]?.template ?? ''}.`, [
    section(
      `*What ${name} wrote in the last ${span}: ${total} lines, ${patterns.length} patterns*\n${lines.join('\n')}`,
    ),
    ...(more > 0 ? [context(`… and ${more} more. \`<*>\` stands for what differs from line to line.`)] : []),
    context(age === span ? sourceOf(found) : `The first line is ${age} old · ${sourceOf(found)}`),
  ]);
}

function rank(level: LogLevel): number {
  if (isTrouble(level)) return 0;
  return level === 'warning' ? 1 : 2;
}

function describe({ template, level, count, lastAt, pods }: LogPattern, now: number): string {
  const word = rank(level) === 2 ? '' : `${level.toUpperCase()} `;
  const where = pods.length > 1 ? ` in ${pods.length} pods` : '';
  return `• ${word}${count}x${where}, last ${formatDuration(now - lastAt)} ago: ${truncate(escapeText(template.replace(/\s+/g, ' ')), lineLimit)}`;
}
