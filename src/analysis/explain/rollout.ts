import type { PodView } from '../../core/views/pod.ts';
import type { RevisionView, WorkloadView } from '../../core/views/workload.ts';
import type { PodTrouble } from '../pod-finding.ts';

/** A workload on its way to `current`, its newest revision, with the pods that are not on their way out. */
export interface Rollout {
  readonly workload: WorkloadView;
  readonly current: RevisionView;
  readonly pods: readonly PodView[];
}

/** What stands still, and from when it counts (epoch milliseconds). */
export type Standstill = Pick<PodTrouble, 'cause' | 'since' | 'affected' | 'impact'> & { readonly from: number };

/** How many pods more or less than wanted a rolling update allows. */
export interface Fence {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * The fence of a Deployment, rounded as its controller does (k8s.io/kubernetes pkg/controller/deployment/util, ResolveFenceposts); undefined
 * where it has none.
 */
export function fenceOf({ kind, strategy, maxSurge, maxUnavailable, desired }: WorkloadView): Fence | undefined {
  if (kind !== 'Deployment' || strategy !== 'RollingUpdate') return undefined;
  const surge = share(maxSurge ?? '25%', desired, Math.ceil);
  const unavailable = share(maxUnavailable ?? '25%', desired, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function share(written: string, desired: number, round: (value: number) => number): number {
  return written.endsWith('%') ? round((Number.parseFloat(written) / 100) * desired) : Number(written);
}
