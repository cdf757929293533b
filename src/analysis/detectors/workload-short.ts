import { z } from 'zod';
import type { PodView } from '../../core/views/pod.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { findingOfPods } from '../pod-finding.ts';

const WorkloadShortParams = z.strictObject({
  /** Fewer ready pods than wanted count after this long. */
  forSeconds: z.number().nonnegative().default(300),
});

const titles = { 'workload-short': 'has fewer ready pods than it should' } as const;

/** What nothing more exact explains: pods that have not been ready for long, whatever the reason. DaemonSets included. */
export const workloadShort = defineDetector({
  id: 'workload-short',
  judges: ['Deployment', 'StatefulSet', 'DaemonSet'],
  kinds: titles,
  params: WorkloadShortParams,
  evaluate(subject, { forSeconds }) {
    const workload = subject.view.workload(subject.subject);
    if (workload === undefined || !isSettled(workload)) return { findings: [] };
    return judgePods(subject, workload, forSeconds * 1000);
  },
});

/** A rollout has its own detector, and a paused or deleted workload is as somebody wants it. */
function isSettled({
  generation,
  observedGeneration,
  desired,
  updated,
  paused,
  deletion,
  strategy,
}: WorkloadView): boolean {
  if (deletion !== undefined || paused || desired === 0 || observedGeneration < generation) return false;
  return updated >= desired || strategy === 'OnDelete';
}

function judgePods(subject: Subject, { desired, ready }: WorkloadView, forMs: number): Judgement {
  if (ready >= desired) return { findings: [] };
  const pods = subject.view.podsOf(subject.subject).filter(({ deletion }) => deletion === undefined);
  const affected = pods.filter((pod) => !pod.ready && pod.phase !== 'Succeeded');
  const oldest = affected.toSorted((a, b) => sinceOf(a) - sinceOf(b))[0];
  if (oldest === undefined) return { findings: [] };
  const since = sinceOf(oldest);
  if (subject.now < since + forMs) return { findings: [], recheckAt: since + forMs };
  const cause = [`${ready} of ${desired} pods are ready.`, ...describeReasons(affected)];
  const finding = findingOfPods(subject, {
    detector: 'workload-short',
    kind: 'workload-short',
    title: titles['workload-short'],
    affected,
    since,
    cause,
  });
  return { findings: [finding] };
}

function sinceOf({ readySince, createdAt }: PodView): number {
  return readySince ?? createdAt;
}

/** What the pods are doing, the most frequent first. */
function describeReasons(pods: readonly PodView[]): readonly string[] {
  const reasons = Map.groupBy(pods, reasonOf);
  return [...reasons]
    .toSorted((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .map(([reason, own]) => {
      const where = [...new Set(own.flatMap(({ node }) => (node === undefined ? [] : [node])))].slice(0, 5);
      return `${count(own.length, 'pod')}: ${reason}${where.length === 0 ? '' : ` (on ${where.join(', ')})`}.`;
    });
}

function reasonOf({ phase, reason, unscheduled, containers }: PodView): string {
  if (unscheduled !== undefined) return 'no node has been found for it';
  const waiting = containers
    .map(({ state }) => (state.phase === 'waiting' ? state.reason : ''))
    .find((one) => one !== '');
  if (waiting !== undefined) return `waiting: ${waiting}`;
  const unready = containers.filter(({ ready, role }) => !ready && role !== 'init').map(({ name }) => name);
  if (unready.length > 0) return `container ${unready.join(', ')} is not ready`;
  return (
    reason ??
    (phase === 'Running' ? 'its containers are ready, but a readiness gate or its node says it is not' : phase)
  );
}
