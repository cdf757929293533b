import { z } from 'zod';
import type { PodView } from '../../core/views/pod.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { describeState, isExplained } from '../explain/pod-state.ts';
import { belongsTo } from '../explain/release.ts';
import { fenceOf, type Rollout, type Standstill } from '../explain/rollout.ts';
import { judgeSet } from '../explain/stateful-rollout.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const RolloutStuckParams = z.strictObject({
  /** A new pod that finds no node, where no old one may go before it is ready, counts after this long. */
  graceSeconds: z.number().nonnegative().default(30),
  /** Time that a pod of a StatefulSet may take to become ready while others wait for it. */
  forSeconds: z.number().nonnegative().default(120),
});
type RolloutStuckParams = z.infer<typeof RolloutStuckParams>;

const titles = { 'rollout-stuck': 'rollout does not go on' } as const;

/** A rollout that has come to a standstill, where the state of its pods alone does not say so. */
export const rolloutStuck = defineDetector({
  id: 'rollout-stuck',
  judges: ['Deployment', 'StatefulSet'],
  kinds: titles,
  params: RolloutStuckParams,
  evaluate: evaluateRollout,
});

function evaluateRollout(subject: Subject, params: RolloutStuckParams): Judgement {
  const found = findStandstill(subject, params);
  if (found === undefined) return { findings: [] };
  const { from, ...trouble } = found;
  if (from > subject.now) return { findings: [], recheckAt: from };
  const stuck = { detector: 'rollout-stuck', kind: 'rollout-stuck', title: titles['rollout-stuck'], ...trouble };
  // What stands still is the newest revision, however long ago it was released.
  return { findings: [findingOfPods(subject, { ...stuck, releaseWindowMs: Number.POSITIVE_INFINITY })] };
}

function findStandstill(subject: Subject, params: RolloutStuckParams): Standstill | undefined {
  const workload = subject.view.workload(subject.subject);
  const [current] = subject.view.revisionsOf(subject.subject);
  if (workload === undefined || current === undefined || !isActive(workload)) return undefined;
  const rollout = { workload, current, pods: livePods(subject) };
  if (workload.kind === 'StatefulSet') return judgeSet(rollout, params.forSeconds * 1000);
  return judgeFence(rollout, params.graceSeconds * 1000) ?? judgeDeadline(rollout);
}

/** Its controller has seen what is wanted now, and something is. */
function isActive({ deletion, paused, desired, generation, observedGeneration }: WorkloadView): boolean {
  return deletion === undefined && !paused && desired > 0 && observedGeneration >= generation;
}

/** The old pods stay until a new one is ready, and the new one finds no place beside them. */
function judgeFence({ workload, current, pods }: Rollout, graceMs: number): Standstill | undefined {
  const fence = fenceOf(workload);
  const old = pods.filter((pod) => !belongsTo(pod, current));
  const homeless = pods.filter((pod) => belongsTo(pod, current) && pod.unscheduled?.reason === 'Unschedulable');
  const spare = old.filter(({ ready }) => ready).length - workload.desired;
  if (fence?.unavailable !== 0 || homeless.length === 0 || old.length === 0 || spare > 0) return undefined;
  const since = Math.min(...homeless.map((pod) => Math.max(pod.createdAt, pod.unscheduled?.since ?? 0)));
  const rule = workload.maxUnavailable ?? '25%';
  const none = rule.endsWith('%')
    ? `maxUnavailable ${rule} of ${count(workload.desired, 'replica')} is 0`
    : `maxUnavailable ${rule}`;
  return {
    cause: [
      `The rollout of revision ${current.revision} waits for itself: no old pod goes before a new one is ready (${none}), and the new one finds no node.`,
      holds(homeless),
    ],
    since,
    from: since + graceMs,
    affected: homeless,
  };
}

/** What the old pods hold does not become free by waiting. */
function holds(homeless: readonly PodView[]): string {
  const message = homeless[0]?.unscheduled?.message ?? '';
  const remedy = 'A maxUnavailable of 1 lets it go on';
  if (/free ports/i.test(message)) return `The old pods hold the host port that it asks for. ${remedy}.`;
  if (/anti-affinity|topology spread/i.test(message))
    return `The old pods keep it away (anti-affinity or spread rules). ${remedy}.`;
  return `${remedy}, and so does room for one more pod.`;
}

/** The controller's own verdict. */
function judgeDeadline({ workload, current, pods }: Rollout): Standstill | undefined {
  const progress = workload.conditions.find(({ type }) => type === 'Progressing');
  if (progress?.reason !== 'ProgressDeadlineExceeded' || progress.status !== 'False') return undefined;
  const fresh = pods.filter((pod) => belongsTo(pod, current));
  if (current.failure !== undefined || fresh.some((pod) => !pod.ready && isExplained(pod))) return undefined;
  const affected = fresh.filter(({ ready }) => !ready);
  const [first] = affected;
  const ready = fresh.length - affected.length;
  return {
    cause: [
      `Revision ${current.revision} made no progress within its deadline: ${ready} of ${workload.desired} pods of it are ready (ProgressDeadlineExceeded).`,
      first === undefined ? `${count(fresh.length, 'pod')} of it exist.` : `Pod ${first.name} ${describeState(first)}.`,
    ],
    since: progress.since,
    from: progress.since,
    affected,
    ...(first === undefined ? { impact: `${ready} of ${workload.desired} pods are of the new revision` } : {}),
  };
}
