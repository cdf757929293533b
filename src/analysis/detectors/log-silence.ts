import { z } from 'zod';
import type { Finding } from '../../core/finding.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble } from '../../core/log-record.ts';
import type { LogsView } from '../../core/views/logs.ts';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { formatSince, isPartlyUnheard, logsOf, quote } from '../explain/patterns.ts';
import { bucketStart, findSilence, releasedJustBefore, type Silence } from '../logs/usual.ts';
import { findingOfPods, livePods, type PodTrouble } from '../pod-finding.ts';

const LogSilenceParams = z.strictObject({
  /** It must have been steady for this long before it fell silent. */
  steadyMinutes: z.number().positive().default(10),
  /** The least silence that counts; it must also be three times the longest before it. */
  forSeconds: z.number().positive().default(120),
  /** Share of its least rate below which a log has as good as fallen silent, percent. */
  percent: z.number().min(0).max(100).default(10),
});
type LogSilenceParams = z.infer<typeof LogSilenceParams>;

const titles = {
  'log-silent': 'has fallen silent',
  'log-heartbeat-stopped': 'no longer logs what it always logged',
} as const;

/** Share of its time in which something that is steady is heard. */
const steady = 0.95;

/** The quiet outage: pods that run and are ready, but no longer say what they have said all the time. */
export const logSilence = defineDetector({
  id: 'log-silence',
  judges: 'pods',
  kinds: titles,
  params: LogSilenceParams,
  evaluate(subject, params): Judgement {
    const logs = logsOf(subject);
    const pods = livePods(subject).filter(({ ready }) => ready);
    if (logs === undefined || isPartlyUnheard(logs) || pods.length === 0) return { findings: [] };
    const place = { subject, logs, params, pods };
    if (isCollectorMute(place)) return { findings: [] };
    const finding = judgeAll(place) ?? judgePods(place) ?? judgePatterns(place);
    return { findings: finding === undefined ? [] : [finding] };
  },
});

interface Place {
  readonly subject: Subject;
  readonly logs: LogsView;
  readonly params: LogSilenceParams;
  /** Pods that are ready. */
  readonly pods: readonly PodView[];
}

/** So many other logs that fall silent together mean that nobody collects them. */
const leastOthers = 2;

/** Where all others that were steady have fallen silent as well, what brings the logs here has, and not they. */
function isCollectorMute(place: Place): boolean {
  const { subject, logs } = place;
  const others = [...subject.view.all('logs')].filter(
    ({ name, namespace }) => name !== logs.name || namespace !== logs.namespace,
  );
  const silences = others
    .map(({ lines }) => findSilence(lines))
    .filter(
      ({ known, presence }) => known * logs.bucketMs >= place.params.steadyMinutes * 60_000 && presence >= steady,
    );
  return silences.length >= leastOthers && silences.every(({ buckets }) => buckets > 2);
}

/** The silence of something that was steady until then, where it is long enough to mean something. */
function findSteadySilence(counts: readonly number[], place: Place, quiet = 0): Silence | undefined {
  const { logs, params } = place;
  const silence = findSilence(counts, quiet);
  const { buckets, known, presence, longestGap } = silence;
  if (known * logs.bucketMs < params.steadyMinutes * 60_000 || presence < steady) return undefined;
  // The bucket under way has only begun.
  const quietMs = (buckets - 1) * logs.bucketMs;
  return quietMs >= params.forSeconds * 1000 && buckets > 3 * longestGap && staysTheSame(buckets, place)
    ? silence
    : undefined;
}

/** A newer release may say other things, and pods that have just begun have not said them yet. */
function staysTheSame(buckets: number, { subject: { subject, view }, logs, pods }: Place): boolean {
  const from = bucketStart(logs, buckets + 1);
  const [newest] = view.revisionsOf(subject);
  return (newest === undefined || newest.createdAt < from) && pods.some(({ createdAt }) => createdAt < from);
}

function judgeAll(place: Place): Finding | undefined {
  const { logs, params, pods, subject } = place;
  const whole = logs.lines.slice(1);
  const half = whole.slice(whole.length >> 1);
  const quiet = half.length === 0 ? 0 : Math.floor((Math.min(...half) * params.percent) / 100);
  const silence = findSteadySilence(logs.lines, place, quiet);
  if (silence === undefined) return undefined;
  const since = bucketStart(logs, silence.buckets - 1);
  const rate = `${perMinute(silence.median, logs)} lines a minute before, never less than ${perMinute(silence.least, logs)}`;
  const isMute = logs.lines.slice(1, silence.buckets).every((one) => one === 0);
  const now = isMute ? 'nothing' : 'next to nothing';
  const [last] = isMute ? logs.patterns.toSorted((a, b) => b.lastAt - a.lastAt) : [];
  return findingOf('log-silent', subject, {
    cause: [
      `It has logged ${now} since ${formatSince(since, subject.now)}; ${rate}. Its pods are ready all the same.`,
      ...(last === undefined ? [] : [`The last that it wrote was like ${quote(last)}.`]),
    ],
    since,
    affected: pods,
    impact: `${perMinute(logs.lines[1] ?? 0, logs)} lines a minute instead of ${perMinute(silence.median, logs)}`,
  });
}

/** One pod says nothing while its siblings go on. */
function judgePods(place: Place): Finding | undefined {
  const { logs, pods, subject } = place;
  if (pods.length < 2) return undefined;
  const silences = pods.map((pod) => ({ pod, silence: findSteadySilence(logs.linesOf[pod.name] ?? [], place) }));
  const silent = silences.filter(({ silence }) => silence !== undefined);
  const speaking = pods.filter(({ name }) => (logs.linesOf[name] ?? []).slice(0, 2).some((one) => one > 0));
  const [first] = silent;
  if (first?.silence === undefined || speaking.length === 0) return undefined;
  const since = bucketStart(logs, first.silence.buckets - 1);
  const names = silent.map(({ pod }) => pod.name).slice(0, 3);
  return findingOf('log-silent', subject, {
    cause: [
      `${names.join(', ')} has logged nothing since ${formatSince(since, subject.now)}, ${perMinute(first.silence.median, logs)} lines a minute before; ${speaking.length} of its siblings go on as usual.`,
    ],
    since,
    affected: silent.map(({ pod }) => pod),
  });
}

function judgePatterns(place: Place): Finding | undefined {
  const { logs, subject, pods } = place;
  const stopped = logs.patterns
    .filter(({ level }) => !isTrouble(level))
    .map((pattern) => ({ pattern, silence: findSteadySilence(pattern.counts, place) }))
    .filter((one): one is Stopped => one.silence !== undefined)
    .toSorted((a, b) => b.silence.median - a.silence.median);
  const [first] = stopped;
  if (first === undefined) return undefined;
  const since = first.pattern.lastAt;
  const others = stopped.length === 1 ? [] : [`So do ${stopped.length - 1} others.`];
  return findingOf('log-heartbeat-stopped', subject, {
    cause: [
      `Not heard since ${formatSince(since, subject.now)}, ${perMinute(first.silence.median, logs)} times a minute before: ${quote(first.pattern)}. It logs other lines as usual.`,
      ...others,
    ],
    since,
    affected: pods,
    impact: 'what it did all the time is not done',
  });
}

function findingOf(
  kind: keyof typeof titles,
  subject: Subject,
  told: Pick<PodTrouble, 'cause' | 'since' | 'affected' | 'impact'>,
): Finding {
  const detector = 'log-silence';
  return findingOfPods(subject, {
    detector,
    kind,
    title: titles[kind],
    severity: 'warning',
    ...releasedJustBefore,
    ...told,
  });
}

interface Stopped {
  readonly pattern: LogPattern;
  readonly silence: Silence;
}

function perMinute(lines: number, { bucketMs }: LogsView): number {
  const rate = (lines * 60_000) / bucketMs;
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
}
