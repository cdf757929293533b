import { z } from 'zod';
import type { Finding } from '../../core/finding.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble } from '../../core/log-record.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { formatSince, logsOf, podsNamed, quote, roughly } from '../explain/patterns.ts';
import { blamedIn, signLine } from '../explain/upstream.ts';
import { bucketStart, findClimb, findSurge, releasedJustBefore } from '../logs/usual.ts';
import { findingOfPods } from '../pod-finding.ts';

const LogErrorsParams = z.strictObject({
  /** So many lines within `windowSeconds`, in two buckets at least. */
  minLines: z.number().int().positive().default(5),
  windowSeconds: z.number().positive().default(120),
  /** For how long it must have been said: what mends itself at once is nobody's business. */
  forSeconds: z.number().nonnegative().default(60),
  /** Other lines must have been heard for this long before one counts as new. */
  warmUpSeconds: z.number().nonnegative().default(300),
  /** How far from its own usual rate a surge is, in robust standard deviations. */
  score: z.number().positive().default(10),
  /** Lines of a bucket from which on it may be a surge. */
  surgeLines: z.number().int().positive().default(20),
});
type LogErrorsParams = z.infer<typeof LogErrorsParams>;

const titles = {
  'log-error-new': 'logs an error that it did not log before',
  'log-error-surge': 'logs far more errors than usual',
} as const;

/** So many times more than all that was said before is news. */
const farAbove = 3;

/** Patterns named in one finding. */
const named = 3;

/** What a workload says of its own trouble: an error that is new, or one that comes far more often than it did. */
export const logErrors = defineDetector({
  id: 'log-errors',
  judges: 'pods',
  kinds: titles,
  params: LogErrorsParams,
  evaluate(subject, params) {
    const logs = logsOf(subject);
    if (logs === undefined) return { findings: [] };
    const place = { subject, logs, params };
    const errors = logs.patterns.filter(({ level }) => isTrouble(level));
    const told = errors.flatMap(
      (pattern) => judgeNew(pattern, place) ?? judgeReturn(pattern, place) ?? judgeSurge(pattern, place) ?? [],
    );
    const groups = Map.groupBy(told, ({ kind }) => kind);
    const findings = [...groups].map(([kind, group]) => findingOf(kind, group, subject));
    // Nothing more need be said for it to have lasted; whatever else time changes, the end of a bucket tells.
    const lasting = errors.map(({ firstAt }) => firstAt + params.forSeconds * 1000).filter((at) => at > subject.now);
    return lasting.length === 0 ? { findings } : { findings, recheckAt: Math.min(...lasting) };
  },
});

interface Place {
  readonly subject: Subject;
  readonly logs: LogsView;
  readonly params: LogErrorsParams;
}

interface Told {
  readonly kind: keyof typeof titles;
  readonly pattern: LogPattern;
  readonly since: number;
  /** Lines that say so, lately. */
  readonly lines: number;
  readonly sentence: string;
}

function judgeNew(pattern: LogPattern, { subject, logs, params }: Place): Told | undefined {
  const { firstAt, counts } = pattern;
  const { now } = subject;
  const { warmUpSeconds, forSeconds, windowSeconds, minLines } = params;
  if (firstAt - logs.since < warmUpSeconds * 1000 || now - firstAt < forSeconds * 1000) return undefined;
  const recent = counts.slice(0, Math.ceil((windowSeconds * 1000) / logs.bucketMs) + 1);
  const lines = sum(recent);
  if (lines < minLines || recent.filter((one) => one > 0).length < 2) return undefined;
  const sentence = `New since ${formatSince(firstAt, now)}, ${roughly(pattern.count)} times so far: ${quote(pattern)}`;
  return { kind: 'log-error-new', pattern, since: firstAt, lines, sentence };
}

/** Seldom heard, then not at all for the time to warm up, and now again and again: what it said while it started must not hide it. */
function judgeReturn(pattern: LogPattern, { subject: { now }, logs, params }: Place): Told | undefined {
  const { counts } = pattern;
  const { warmUpSeconds, forSeconds, windowSeconds, minLines } = params;
  const buckets = sinceQuiet(counts, Math.ceil((warmUpSeconds * 1000) / logs.bucketMs));
  if (buckets === undefined) return undefined;
  const run = counts.slice(0, buckets);
  const earlier = sum(counts.slice(buckets));
  const since = bucketStart(logs, buckets - 1);
  const lines = sum(run.slice(0, Math.ceil((windowSeconds * 1000) / logs.bucketMs) + 1));
  const isSure = lines >= minLines && run.filter((one) => one > 0).length >= 2 && now - since >= forSeconds * 1000;
  if (!isSure || earlier === 0 || sum(run) <= farAbove * earlier) return undefined;
  const sentence = `Again and again since ${formatSince(since, now)}, ${roughly(sum(run))} times so far, ${earlier} times before: ${quote(pattern)}`;
  return { kind: 'log-error-surge', pattern, since, lines, sentence };
}

/** Newest buckets back to the last time that nothing was said for so many; undefined where that is now, or was never. */
function sinceQuiet(counts: readonly number[], quiet: number): number | undefined {
  let gap = 0;
  for (const [back, count] of counts.entries()) {
    gap = count === 0 ? gap + 1 : 0;
    if (gap === quiet) return back + 1 === quiet ? undefined : back + 1 - quiet;
  }
  return undefined;
}

function judgeSurge(pattern: LogPattern, { subject, logs, params: { score, surgeLines } }: Place): Told | undefined {
  const sudden = findSurge(pattern.counts);
  const surge = sudden !== undefined && sudden.score >= score ? sudden : findClimb(pattern.counts, logs.lines);
  if (surge === undefined || surge.count < surgeLines || surge.buckets < 2) return undefined;
  const since = bucketStart(logs, surge.buckets);
  const every = Math.round(logs.bucketMs / 1000);
  const sentence = `${roughly(surge.count)} times in ${every} s, since ${formatSince(since, subject.now)}; before, ${surge.median} times at most times and never more than ${surge.highest}: ${quote(pattern)}`;
  return { kind: 'log-error-surge', pattern, since, lines: surge.count, sentence };
}

function findingOf(kind: keyof typeof titles, told: readonly Told[], subject: Subject): Finding {
  const ordered = told.toSorted((a, b) => b.lines - a.lines);
  const left = ordered.length - named;
  const place = { namespace: subject.subject.namespace, view: subject.view };
  const lines = ordered.map(({ pattern }) => signLine(pattern.sample));
  const about = lines.flatMap((line) => blamedIn(line, place));
  const signed = lines.find((line) => line.signed !== undefined)?.signed;
  const finding = findingOfPods(subject, {
    detector: 'log-errors',
    kind,
    title: titles[kind],
    severity: 'warning',
    ...releasedJustBefore,
    cause: [
      ...(signed === undefined ? [] : [signed.cause]),
      ...callSentence(about),
      ...ordered.slice(0, named).map(({ sentence }) => sentence),
      ...(left > 0 ? [`${left} more like these.`] : []),
    ],
    since: Math.min(...told.map(({ since }) => since)),
    affected: podsNamed(
      subject,
      told.flatMap(({ pattern }) => pattern.pods),
    ),
    occurrences: 1,
    about,
  });
  return signed === undefined ? finding : { ...finding, next: signed.next };
}

/** The message of a signature may name but an address. */
function callSentence(about: readonly ResourceRef[]): readonly string[] {
  const services = [...new Set(about.filter(({ kind }) => kind === 'Service').map(refName))];
  return services.length === 0 ? [] : [`What it calls is Service ${services.slice(0, named).join(', ')}.`];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, one) => total + one, 0);
}
