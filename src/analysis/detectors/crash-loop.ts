import { z } from 'zod';
import { endedBefore, latestEnd } from '../../core/container-runs.ts';
import type { Finding } from '../../core/finding.ts';
import type { ContainerView, PodView, Termination } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { killingProbe } from '../explain/probes.ts';
import { describeTermination, terminationStep } from '../explain/termination.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const CrashLoopParams = z.strictObject({
  /** Two crashes count as a loop when they are at most this far apart, and for as long after the second. */
  windowSeconds: z.number().positive().default(600),
  /** A loop that began within this time after a release is put down to it. */
  releaseWindowSeconds: z.number().positive().default(3600),
});
type CrashLoopParams = z.infer<typeof CrashLoopParams>;

/** A container that has crashed at least twice inside the window. */
interface CrashingContainer {
  readonly pod: PodView;
  readonly container: ContainerView;
  /** Restarts of this container, plus the crash that has not been followed by a restart yet. */
  readonly crashes: number;
  readonly latest: Termination;
  /** Epoch milliseconds until which the window holds. */
  readonly until: number;
}

const titles = { 'crash-loop': 'crash loop', 'oom-loop': 'out-of-memory loop' } as const;
type CrashKind = keyof typeof titles;

/**
 * Fires on the second crash inside the window, whatever the container is doing at the moment (a pod caught between crashes is Running).
 * The status of a container holds only the latest run, but that is enough: the run before it ended before the latest began, so
 * "two crashes inside the window" is "restarted, and the latest run was shorter than the window". What a probe restarts is not a crash.
 */
export const crashLoop = defineDetector({
  id: 'crash-loop',
  judges: 'pods',
  kinds: titles,
  params: CrashLoopParams,
  evaluate: evaluateCrashLoop,
});

function evaluateCrashLoop(subject: Subject, params: CrashLoopParams): Judgement {
  const crashing = livePods(subject)
    .flatMap((pod) => crashingContainers(pod, subject.now, params))
    .filter((one) => killingProbe({ view: subject.view, ...one }) === undefined);
  if (crashing.length === 0) return { findings: [] };
  const findings = (['crash-loop', 'oom-loop'] as const)
    .map((kind) => judgeKind({ kind, crashing: crashing.filter((one) => kindOf(one) === kind), subject, params }))
    .filter((finding) => finding !== undefined);
  return { findings, recheckAt: Math.min(...crashing.map((one) => one.until)) };
}

function kindOf(crashing: CrashingContainer): CrashKind {
  return crashing.latest.reason === 'OOMKilled' ? 'oom-loop' : 'crash-loop';
}

function crashingContainers(pod: PodView, now: number, params: CrashLoopParams): CrashingContainer[] {
  const windowMs = params.windowSeconds * 1000;
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
  return pod.containers.flatMap((container) => {
    const latest = latestEnd(container);
    if (latest === undefined || !isCrash(latest, pod, container)) return [];
    const awaitingRestart = container.state.phase !== 'running';
    const crashes = container.restarts + (awaitingRestart ? 1 : 0);
    const until = latest.finishedAt + windowMs;
    const quick = latest.finishedAt - latest.startedAt <= windowMs;
    return crashes >= 2 && quick && now < until ? [{ pod, container, crashes, latest, until }] : [];
  });
}

/** A clean exit is a crash only for a container that is meant to keep running. */
function isCrash(end: Termination, pod: PodView, container: ContainerView): boolean {
  if (end.exitCode !== 0 || end.reason === 'OOMKilled') return true;
  if (container.role === 'init') return false;
  return container.role === 'sidecar' || pod.restartPolicy === 'Always';
}

/**
 * When the loop began, as far as one status can tell: the kubelet restarts at once, then after 10 s, 20 s, … 300 s (its documented
 * back-off), so so many restarts took at least that long. Never before the pod itself.
 */
function beganAt({ pod, crashes, latest }: CrashingContainer): number {
  const runMs = latest.finishedAt - latest.startedAt;
  const waits = Array.from({ length: Math.min(crashes - 2, 1000) }, (_, restart) =>
    Math.min(10_000 * 2 ** restart, 300_000),
  );
  const loopMs = waits.reduce((sum, wait) => sum + wait, 0) + runMs * (crashes - 1);
  return Math.max(pod.createdAt, latest.startedAt - loopMs);
}

interface KindInput {
  readonly kind: CrashKind;
  readonly crashing: readonly CrashingContainer[];
  readonly subject: Subject;
  readonly params: CrashLoopParams;
}

function judgeKind({ kind, crashing, subject, params }: KindInput): Finding | undefined {
  const worst = crashing.toSorted((a, b) => b.crashes - a.crashes || compareText(a.pod.name, b.pod.name))[0];
  if (worst === undefined) return undefined;
  const affected = [...new Set(crashing.map((one) => one.pod))];
  return findingOfPods(subject, {
    detector: 'crash-loop',
    kind,
    title: titles[kind],
    cause: [describeTermination(worst)],
    step: terminationStep(worst),
    since: Math.min(...crashing.map(beganAt)),
    affected,
    occurrences: crashing.reduce((sum, one) => sum + one.crashes, 0),
    severity: affected.length === livePods(subject).length ? 'critical' : 'warning',
    releaseWindowMs: params.releaseWindowSeconds * 1000,
    exemplar: {
      pod: worst.pod.name,
      container: worst.container.name,
      previous: endedBefore(worst.container),
    },
  });
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
