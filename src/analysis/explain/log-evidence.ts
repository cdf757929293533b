import { cut } from '../../core/cut.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble, type LogLevel } from '../../core/log-record.ts';
import { refName } from '../../core/resource-ref.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { type DriftOptions, findDrift } from '../logs/drift.ts';
import { bucketStart, findClimb, findSilence, findSurge, type Surge } from '../logs/usual.ts';
import { formatSince, quote, quoteTemplate } from './patterns.ts';

/** Patterns that are quoted. */
const most = 5;

/** A pattern that was first heard so long after listening began is news, milliseconds. */
const newsMs = 5 * 60_000;

/** Buckets without which nothing is a habit. */
const leastHistory = 10;

/** Characters of a sample that is quoted. */
const sampleLength = 400;

/**
 * The patterns that tell most about a trouble, for people and models: errors and warnings that were not always there, numbers that left what is usual, what comes
 * far more often, what no longer comes, and the word of a change right before. None of a log that goes on as it always did. Before all, those that
 * `cause`, the words of a finding, quotes.
 */
export function tellingPatterns(logs: LogsView, limit = most, cause = ''): readonly LogPattern[] {
  const judged = logs.patterns.map((pattern) => judgePattern(pattern, logs));
  const onsets = judged.flatMap(({ onset, weight }) =>
    weight >= weights.stopped && onset !== undefined ? [onset] : [],
  );
  return judged
    .map(({ pattern, weight }) => ({
      pattern,
      weight: isQuoted(pattern, cause) ? Infinity : Math.max(weight, isTurn(pattern, logs, onsets) ? weights.turn : 0),
    }))
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
function describePattern(pattern: LogPattern, logs: LogsView, now: number): string {
  const { count, firstAt, lastAt, level, template, sample, pods } = pattern;
  const span = `from ${formatSince(firstAt, now)} to ${formatSince(lastAt, now)}`;
  const where = pods.length === 1 ? `in pod ${pods[0]}` : `in ${pods.length} pods`;
  const news = isNews(pattern, logs) ? ', new' : '';
  const shown = cut(sample, sampleLength);
  const head = `${level === 'unknown' ? '' : `${level}, `}${count}x ${span} ${where}${news}: ${template}`;
  return shown === template ? head : `${head}\nSuch as: ${shown}`;
}

function isQuoted(pattern: LogPattern, cause: string): boolean {
  return cause.includes(quote(pattern)) || cause.includes(quoteTemplate(pattern));
}

function isNews({ firstAt }: LogPattern, { since }: LogsView): boolean {
  return firstAt - since >= newsMs;
}

/** As the detector of numbers has it where nothing else is configured. */
function usualDrift(bucketMs: number): DriftOptions {
  return { factor: 3, points: 30, recent: Math.ceil(120_000 / bucketMs), usual: Math.ceil(300_000 / bucketMs) };
}

/** What a pattern is worth by its level, what by how it changed, and what where its level is nothing new. */
const weights = { fatal: 4, error: 3, warning: 1, habit: 1, news: 2, drift: 4, surge: 3, stopped: 3, turn: 3 } as const;

interface Judged {
  readonly pattern: LogPattern;
  readonly weight: number;
  /** Epoch milliseconds at which it changed. */
  readonly onset: number | undefined;
}

function judgePattern(pattern: LogPattern, logs: LogsView): Judged {
  const said = wordWeight(pattern.level);
  const change = changeOf(pattern, logs);
  if (change !== undefined) return { pattern, weight: said + change.weight, onset: bucketStart(logs, change.buckets) };
  if (said > 0 && isNews(pattern, logs)) return judgeNews(pattern, logs);
  const isKnown = pattern.counts.length >= leastHistory;
  return { pattern, weight: isKnown && isHabit(pattern) ? habitWeight(pattern.level) : said, onset: undefined };
}

/** A warning that is seldom said is no news when it is heard first. */
function judgeNews(pattern: LogPattern, logs: LogsView): Judged {
  const counts = isTrouble(pattern.level) || isSudden(pattern, logs);
  return { pattern, weight: counts ? wordWeight(pattern.level) + weights.news : 0, onset: pattern.firstAt };
}

function wordWeight(level: LogLevel): number {
  return level === 'fatal' || level === 'error' || level === 'warning' ? weights[level] : 0;
}

function habitWeight(level: LogLevel): number {
  return isTrouble(level) ? weights.habit : 0;
}

/**
 * Whether lines that come at random, as often as these, would hardly all have come so late: n lines within the last part p of the time have the probability p^n.
 * Without it whatever is said seldom is news when it is heard first.
 */
function isSudden({ count, firstAt }: LogPattern, { since, bucketAt, bucketMs }: LogsView): boolean {
  const now = bucketAt + bucketMs;
  return ((now - firstAt) / (now - since)) ** count < 0.01;
}

/** How it changed most, and how many buckets ago. */
function changeOf(
  { counts, level, numbers }: LogPattern,
  { bucketMs, lines }: LogsView,
): { readonly weight: number; readonly buckets: number } | undefined {
  const drift = numbers
    .flatMap((number) => findDrift(number, usualDrift(bucketMs)) ?? [])
    .toSorted((a, b) => b.change - a.change)
    .at(0);
  if (drift !== undefined) return { weight: weights.drift, buckets: drift.buckets };
  const surge = surgeOf(counts, wordWeight(level) > 0 ? lines : undefined);
  if (surge !== undefined) return { weight: weights.surge, buckets: surge.buckets };
  const { buckets, presence, known, longestGap } = findSilence(counts);
  const stopped = known >= leastHistory && presence >= 0.95 && buckets > 3 && buckets > 3 * longestGap;
  return stopped ? { weight: weights.stopped, buckets } : undefined;
}

/** Trouble may also have grown all along; `lines` is absent for what is none. */
function surgeOf(counts: readonly number[], lines: readonly number[] | undefined): Surge | undefined {
  const sudden = findSurge(counts);
  if (sudden !== undefined && sudden.score >= 10 && sudden.buckets >= 2) return sudden;
  return lines === undefined ? undefined : findClimb(counts, lines);
}

/** Whether it was heard again and again in the older half of what is known too; of a warning, once. */
function isHabit({ counts, level }: LogPattern): boolean {
  const older = counts.slice(counts.length >> 1);
  const heard = older.filter((one) => one > 0).length;
  return isTrouble(level) ? heard * 4 >= older.length : heard > 0;
}

/** Words of a change that somebody made. */
const turns =
  /\b(?:re-?load|config|deploy|releas|roll(?:ed|ing)? ?(?:out|back)|switch|migrat|feature|flag|upgrad|fail(?:ed|ing)? ?over|promot|restart)/i;

/** Whether it is the word of a change, said but once or so, right before something began. */
function isTurn(pattern: LogPattern, logs: LogsView, onsets: readonly number[]): boolean {
  const { count, pods, firstAt, template } = pattern;
  if (!isNews(pattern, logs) || count > 2 * pods.length || !turns.test(template)) return false;
  return onsets.some((onset) => firstAt < onset + logs.bucketMs && onset - firstAt < 4 * logs.bucketMs);
}
