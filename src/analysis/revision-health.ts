import type { ResourceRef } from '../core/resource-ref.ts';
import type { ClusterView } from '../core/view.ts';
import type { PodView } from '../core/views/pod.ts';
import { belongsTo } from './explain/release.ts';

export interface RevisionJudgement {
  readonly workloadUid: string;
  readonly revision: number;
  /** Epoch milliseconds from which the revision counts as healthy, if nothing happens until then. */
  readonly healthyAt: number;
}

/**
 * When the present revision of a workload may be called healthy: all wanted pods are of it, ready, and have run without a break for
 * `stableForMs`. Undefined where one of them is not.
 */
export function judgeRevision(
  view: ClusterView,
  subject: ResourceRef,
  stableForMs: number,
): RevisionJudgement | undefined {
  const workload = view.workload(subject);
  const [current] = view.revisionsOf(subject);
  if (workload === undefined || current === undefined || workload.desired === 0) return undefined;
  const pods = view.podsOf(subject).filter(({ deletion, phase }) => deletion === undefined && phase !== 'Failed');
  const complete = workload.observedGeneration >= workload.generation && pods.length === workload.desired;
  if (!complete || !pods.every((pod) => pod.ready && belongsTo(pod, current))) return undefined;
  const starts = pods.flatMap(runningSince);
  if (starts.length === 0) return undefined;
  return { workloadUid: workload.uid, revision: current.revision, healthyAt: Math.max(...starts) + stableForMs };
}

function runningSince(pod: PodView): number[] {
  return pod.containers.flatMap(({ role, state }) =>
    role !== 'init' && state.phase === 'running' ? [state.startedAt] : [],
  );
}
