import { z } from 'zod';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { formatDuration } from '../explain/termination.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const InitStuckParams = z.strictObject({
  /** Migrations and downloads take their time; twice as long as the slowest of the other pods took is also allowed. */
  forSeconds: z.number().nonnegative().default(300),
});
type InitStuckParams = z.infer<typeof InitStuckParams>;

const titles = { 'init-stuck': 'init container does not end' } as const;

interface Hanging {
  readonly pod: PodView;
  readonly name: string;
  readonly since: number;
  /** Milliseconds that it took in the slowest of the pods in which it has ended; undefined where there is none. */
  readonly usualMs: number | undefined;
  readonly from: number;
}

/** An init container that runs on and on. One that crashes is a crash loop. */
export const initStuck = defineDetector({
  id: 'init-stuck',
  judges: 'pods',
  kinds: titles,
  params: InitStuckParams,
  evaluate: evaluateInit,
});

function evaluateInit(subject: Subject, { forSeconds }: InitStuckParams): Judgement {
  const pods = livePods(subject);
  const hanging = pods
    .filter(({ phase }) => phase === 'Pending')
    .flatMap((pod) => findRunning(pod, { pods, forMs: forSeconds * 1000 }))
    .toSorted((a, b) => a.since - b.since);
  const pending = hanging.map(({ from }) => from).filter((from) => from > subject.now);
  const recheck = pending.length === 0 ? {} : { recheckAt: Math.min(...pending) };
  const counting = hanging.filter(({ from }) => from <= subject.now);
  const [first] = counting;
  if (first === undefined) return { findings: [], ...recheck };
  const finding = findingOfPods(subject, {
    detector: 'init-stuck',
    kind: 'init-stuck',
    title: titles['init-stuck'],
    cause: describe(first),
    since: first.since,
    affected: counting.map(({ pod }) => pod),
    exemplar: { pod: first.pod.name, container: first.name, previous: false },
  });
  return { findings: [finding], ...recheck };
}

interface Comparison {
  readonly pods: readonly PodView[];
  readonly forMs: number;
}

/** Init containers run one after the other, so at most one of a pod does. */
function findRunning(pod: PodView, { pods, forMs }: Comparison): Hanging[] {
  return pod.containers.flatMap(({ name, role, state }) => {
    if (role !== 'init' || state.phase !== 'running') return [];
    const durations = pods.flatMap((other) => durationOf(other, name));
    const usualMs = durations.length === 0 ? undefined : Math.max(...durations);
    const since = state.startedAt;
    return [{ pod, name, since, usualMs, from: since + Math.max(forMs, 2 * (usualMs ?? 0)) }];
  });
}

function durationOf({ containers }: PodView, name: string): number[] {
  return containers.flatMap(({ name: own, role, state }) => {
    const ended = own === name && role === 'init' && state.phase === 'terminated' && state.exitCode === 0;
    return ended ? [state.finishedAt - state.startedAt] : [];
  });
}

function describe({ pod, name, usualMs, from, since }: Hanging): string[] {
  const waiting = pod.containers.filter(({ role }) => role === 'main').length;
  const hangs = `Init container ${name} has been running for more than ${formatDuration(from - since)}`;
  const usual = usualMs === undefined ? [] : [`In the pods that run it took at most ${formatDuration(usualMs)}.`];
  return [
    `${hangs}; ${count(waiting, 'container')} of the pod ${waiting === 1 ? 'waits' : 'wait'} for its end.`,
    ...usual,
  ];
}
