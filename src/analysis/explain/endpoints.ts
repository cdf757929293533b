import { selects } from '../../core/label-selector.ts';
import type { ClusterView } from '../../core/view.ts';
import type { EndpointsView, ServiceView } from '../../core/views/network.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import { writtenAt } from './onset.ts';

/** Endpoints of a Service that are ready. */
export function readyEndpoints(service: ServiceView, view: ClusterView): number {
  return view.endpointsOf(service).reduce((sum, slice) => sum + slice.ready, 0);
}

/**
 * The last moment at which a pod behind the Service may have been ready, or at which one was asked for; epoch milliseconds. Where no pod is behind it any
 * more, its endpoints say when the last one went.
 */
export function emptySince(service: ServiceView, view: ClusterView): number {
  const slices = view.endpointsOf(service);
  const waiting = slices.some(({ notReady }) => notReady > 0);
  const workloads = view
    .within('workload', service.namespace)
    .filter(({ template }) => selects(service.selector, template.labels));
  const emptied = waiting && workloads.length > 0 ? 0 : changedAt(slices);
  return Math.max(writtenAt(service), emptied, ...workloads.map((one) => lastChange(one, view)));
}

/** When an endpoint last came, went or changed its readiness, epoch milliseconds; 0 where that is not known. */
export function changedAt(slices: readonly EndpointsView[]): number {
  return Math.max(0, ...slices.map((slice) => slice.changedAt ?? 0));
}

/** The last moment at which a pod may have been ready, or at which a pod was asked for. */
export function lastChange(workload: WorkloadView, view: ClusterView): number {
  const pods = view.podsOf(workload).map(({ readySince, createdAt }) => readySince ?? createdAt);
  return Math.max(releasedAt(workload, view), workload.scaled?.at ?? 0, ...pods);
}

/** When the present template of a workload came, epoch milliseconds. */
export function releasedAt(workload: WorkloadView, view: ClusterView): number {
  return Math.max(workload.createdAt, view.revisionsOf(workload)[0]?.createdAt ?? 0);
}
