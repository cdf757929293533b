import { z } from 'zod';
import { endedBefore, latestEnd } from '../../core/container-runs.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { explainProbeFailure, killingProbe, type ProbeKind, probeFailure } from '../explain/probes.ts';
import { belongsTo } from '../explain/release.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const ProbeFailingParams = z.strictObject({
  /** A pod that was ready and is not any more counts after this long. */
  graceSeconds: z.number().nonnegative().default(30),
  /** Time to become ready after a start; twice what the other pods of the workload took, where that is longer (at most 10 minutes). */
  startSeconds: z.number().nonnegative().default(60),
  /** A start that has not passed its startup probe counts after this long, or when the kubelet gives it up. */
  startupSeconds: z.number().nonnegative().default(300),
  /** Restarts by a probe make a loop when the runs between them are shorter than this; the finding lasts as long after the last one. */
  windowSeconds: z.number().positive().default(600),
});
type ProbeFailingParams = z.infer<typeof ProbeFailingParams>;

const titles = {
  'liveness-failing': 'liveness probe restarts the container again and again',
  'readiness-failing': 'pods are not ready',
  'startup-failing': 'startup probe does not succeed',
} as const;

/** Longest start that the starts of other pods may excuse, milliseconds. */
const longestStartMs = 600_000;

/** A pod that lost its readiness did so more than this after its containers began, milliseconds (times have a resolution of a second). */
const resolutionMs = 1000;

interface Failing {
  readonly probe: ProbeKind;
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly sentence: string;
  /** What this failure calls for. */
  readonly next?: string | undefined;
  readonly since: number;
  /** Epoch milliseconds between which it counts. */
  readonly from: number;
  readonly until?: number;
}

interface Question {
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly subject: Subject;
  readonly params: ProbeFailingParams;
}

/** Probes that fail, by what they do: restart the container, take the pod out of service, or end its start. */
export const probeFailing = defineDetector({
  id: 'probe-failing',
  judges: 'pods',
  kinds: titles,
  params: ProbeFailingParams,
  evaluate: evaluateProbes,
});

function evaluateProbes(subject: Subject, params: ProbeFailingParams): Judgement {
  const { now, view } = subject;
  const failing = livePods(subject)
    .filter((pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed' && !isOnDeadNode(pod, view))
    .flatMap((pod) => judgePod(pod, subject, params))
    .filter(({ until = Number.POSITIVE_INFINITY }) => now < until);
  const times = failing.flatMap(({ from, until }) => [from, ...(until === undefined ? [] : [until])]);
  const pending = times.filter((at) => at > now);
  const counting = failing.filter(({ from }) => from <= now);
  const findings = (['liveness', 'readiness', 'startup'] as const).flatMap((probe) => {
    const some = counting.filter((one) => one.probe === probe).toSorted((a, b) => a.since - b.since);
    return some[0] === undefined ? [] : [describe(subject, some[0], some)];
  });
  return pending.length === 0 ? { findings } : { findings, recheckAt: Math.min(...pending) };
}

/** What the kubelet said of its pods is not true any more when it is silent. */
function isOnDeadNode({ node }: PodView, view: Subject['view']): boolean {
  return node !== undefined && view.find('node', '', node)?.ready === false;
}

function describe(subject: Subject, first: Failing, all: readonly Failing[]) {
  const { probe, pod, container } = first;
  const kind = `${probe}-failing` as const;
  return findingOfPods(subject, {
    detector: 'probe-failing',
    kind,
    title: titles[kind],
    cause: [first.sentence, ...describeProbe(first, subject)],
    step: first.next,
    since: first.since,
    affected: [...new Set(all.map((one) => one.pod))],
    ...(probe === 'readiness' ? {} : { occurrences: all.reduce((sum, one) => sum + one.container.restarts, 0) }),
    exemplar: { pod: pod.name, container: container.name, previous: probe !== 'readiness' && endedBefore(container) },
  });
}

/** How the kubelet asks, as far as the pod is of the present template. */
function describeProbe({ probe, pod, container }: Failing, { subject, view }: Subject): readonly string[] {
  const [current] = view.revisionsOf(subject);
  if (current === undefined || !belongsTo(pod, current)) return [];
  const spec = view.workload(subject)?.template.containers.find(({ name }) => name === container.name);
  const asked = spec?.probes[probe];
  if (spec === undefined || asked === undefined) return [];
  const ports = spec.ports.map(({ name, number }) => (name === undefined ? String(number) : `${number} (${name})`));
  const declared = ports.length === 0 ? '' : ` The container declares port ${ports.join(', ')}.`;
  return [`The ${probe} probe is ${asked}.${declared}`];
}

function judgePod(pod: PodView, subject: Subject, params: ProbeFailingParams): readonly Failing[] {
  const containers = pod.containers.filter(({ role }) => role !== 'init');
  const starting = containers.flatMap((container) => judgeStarts({ pod, container, subject, params }));
  return starting.length > 0 ? starting : judgeReadiness(pod, subject, params);
}

/** Restarts by the liveness or the startup probe, and starts that do not end. */
function judgeStarts(question: Question): readonly Failing[] {
  const { pod, container, subject, params } = question;
  const latest = latestEnd(container);
  const probe = killingProbe({ view: subject.view, pod, container });
  if (latest === undefined || probe === undefined) return judgeSlowStart(question);
  const windowMs = params.windowSeconds * 1000;
  const isQuick = latest.finishedAt - latest.startedAt <= windowMs;
  const counts = probe === 'startup' ? !container.started : isQuick && container.restarts >= 2;
  if (!counts) return judgeSlowStart(question);
  const failure = probeFailure({ view: subject.view, pod, container }, probe, 0);
  const sentence = `Container ${container.name} was restarted ${times(container.restarts)} because its ${probe} probe fails${because(failure?.words)}.`;
  const since = Math.max(pod.createdAt, Math.min(failure?.firstSeen ?? latest.startedAt, latest.startedAt));
  const next = nextFor(failure?.words);
  return [{ probe, pod, container, sentence, next, since, from: since, until: latest.finishedAt + windowMs }];
}

function judgeSlowStart({ pod, container, subject, params }: Question): readonly Failing[] {
  if (container.started || container.state.phase !== 'running') return [];
  const since = container.state.startedAt;
  const failure = probeFailure({ view: subject.view, pod, container }, 'startup', since);
  const sentence = `Container ${container.name} runs, but its startup probe has not succeeded${because(failure?.words)}.`;
  const from = since + params.startupSeconds * 1000;
  return [{ probe: 'startup', pod, container, sentence, next: nextFor(failure?.words), since, from }];
}

/** A running pod whose containers have all started and that is not ready. */
function judgeReadiness(pod: PodView, subject: Subject, params: ProbeFailingParams): readonly Failing[] {
  const startedAt = lastStart(pod);
  if (pod.ready || startedAt === undefined) return [];
  const unready = pod.containers.find(({ role, ready }) => role !== 'init' && !ready);
  const container = unready ?? pod.containers.find(({ role }) => role === 'main');
  if (container === undefined) return [];
  const lostAt = lostReadinessAt(pod, startedAt);
  const since = lostAt ?? startedAt;
  const patience = lostAt === undefined ? usualStartMs(subject, params) : params.graceSeconds * 1000;
  const failure = probeFailure({ view: subject.view, pod, container }, 'readiness', since - patience);
  const sentence =
    unready === undefined
      ? 'All containers are ready, but the pod is not: a readiness gate holds it back.'
      : describeUnready({ container: unready.name, wasReady: lostAt !== undefined, words: failure?.words });
  const next = nextFor(failure?.words);
  return [{ probe: 'readiness', pod, container, sentence, next, since, from: since + patience }];
}

/** Undefined where the pod has not been ready since its containers began. */
function lostReadinessAt({ readySince = 0 }: PodView, startedAt: number): number | undefined {
  return readySince > startedAt + resolutionMs ? readySince : undefined;
}

/** Epoch milliseconds since which all its containers run and have started; undefined where one does not. */
function lastStart({ containers }: PodView): number | undefined {
  const lasting = containers.filter(({ role }) => role !== 'init');
  const starts = lasting.flatMap(({ started, state }) =>
    started && state.phase === 'running' ? [state.startedAt] : [],
  );
  return starts.length === 0 || starts.length < lasting.length ? undefined : Math.max(...starts);
}

/** How long a start may take. The quickest of the other pods tells what is usual: one that was unready in between looks slow. */
function usualStartMs(subject: Subject, { startSeconds }: ProbeFailingParams): number {
  const others = livePods(subject).flatMap((pod) => {
    const startedAt = pod.ready ? lastStart(pod) : undefined;
    return startedAt === undefined || pod.readySince === undefined ? [] : [pod.readySince - startedAt];
  });
  const usual = others.length === 0 ? 0 : Math.min(2 * Math.min(...others), longestStartMs);
  return Math.max(startSeconds * 1000, usual);
}

interface Unready {
  readonly container: string;
  readonly wasReady: boolean;
  readonly words: string | undefined;
}

function describeUnready({ container, wasReady, words }: Unready): string {
  const how = wasReady ? 'was ready and is not any more' : 'runs and does not become ready';
  return `Container ${container} ${how}${words === undefined ? '' : `, because its readiness probe fails${because(words)}`}.`;
}

function because(words: string | undefined): string {
  return words === undefined ? '' : `: ${explainProbeFailure(words).words}`;
}

function nextFor(words: string | undefined): string | undefined {
  return words === undefined ? undefined : explainProbeFailure(words).next;
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}
