import type { Evidence } from '../../core/evidence.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble } from '../../core/log-record.ts';
import { refName } from '../../core/resource-ref.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { findSilence, findSurge } from '../logs/usual.ts';
import { formatSince, quote } from './patterns.ts';

/** Patterns that are quoted. */
const most = 5;

/** A pattern that was first heard so long after listening began is news, milliseconds. */
const newsMs = 5 * 60_000;

/** Characters of a sample that is quoted. */
const sampleLength = 400;

/** The patterns that tell most about a trouble: errors first, what is new or comes more often than usual, what no longer comes. Before all, those that `cause`, the words of a finding, quotes. */
export function tellingPatterns(logs: LogsView, limit = most, cause = ''): readonly LogPattern[] {
  return logs.patterns
    .map((pattern) => ({ pattern, weight: isQuoted(pattern, cause) ? Infinity : weightOf(pattern, logs) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight || b.pattern.count - a.pattern.count)
    .slice(0, limit)
    .map(({ pattern }) => pattern);
}

/** One piece of evidence for each of them. `now`: epoch milliseconds. */
export function patternEvidence(
  logs: LogsView,
  { cause, now }: { readonly cause: string; readonly now: number },
): readonly Omit<Evidence, 'id'>[] {
  return tellingPatterns(logs, most, cause).map((pattern) => ({
    kind: 'pattern' as const,
    source: `logs of ${refName(logs.regarding)}`,
    text: describePattern(pattern, logs, now),
    at: pattern.lastAt,
  }));
}

/** What people read of a pattern: how often, since when, where, and one line of it. */
export function describePattern(pattern: LogPattern, logs: LogsView, now: number): string {
  const { count, firstAt, lastAt, level, template, sample, pods } = pattern;
  const span = `from ${formatSince(firstAt, now)} to ${formatSince(lastAt, now)}`;
  const where = pods.length === 1 ? `in pod ${pods[0]}` : `in ${pods.length} pods`;
  const news = isNews(pattern, logs) ? ', new' : '';
  const shown = sample.length > sampleLength ? `${sample.slice(0, sampleLength - 1)}…` : sample;
  const head = `${level === 'unknown' ? '' : `${level}, `}${count}x ${span} ${where}${news}: ${template}`;
  return shown === template ? head : `${head}\nSuch as: ${shown}`;
}

function isQuoted(pattern: LogPattern, cause: string): boolean {
  return cause.includes(quote(pattern));
}

function isNews({ firstAt }: LogPattern, { since }: LogsView): boolean {
  return firstAt - since >= newsMs;
}

function weightOf(pattern: LogPattern, logs: LogsView): number {
  const { level, counts } = pattern;
  const trouble = isTrouble(level) ? 4 : Number(level === 'warning');
  const surging = (findSurge(counts)?.score ?? 0) >= 10 ? 2 : 0;
  const { buckets, presence, known } = findSilence(counts);
  const stopped = known >= 10 && presence >= 0.95 && buckets > 3 ? 2 : 0;
  const fatal = level === 'fatal' ? 1 : 0;
  const base = trouble + surging + stopped + fatal;
  return base === 0 ? 0 : base + (isNews(pattern, logs) ? 2 : 0);
}
