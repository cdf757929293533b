import { selects } from '../../core/label-selector.ts';
import type { ClusterView } from '../../core/view.ts';
import type { ServiceView } from '../../core/views/network.ts';
import type { WorkloadView } from '../../core/views/workload.ts';

/** Endpoints of a Service that are ready. */
export function readyEndpoints(service: ServiceView, view: ClusterView): number {
  return view.endpointsOf(service).reduce((sum, slice) => sum + slice.ready, 0);
}

/** The last moment at which a pod behind the Service may have been ready, or at which one was asked for; epoch milliseconds. */
export function emptySince(service: ServiceView, view: ClusterView): number {
  const workloads = view
    .within('workload', service.namespace)
    .filter(({ template }) => selects(service.selector, template.labels));
  return Math.max(service.createdAt, ...workloads.map((one) => lastChange(one, view)));
}

/** The last moment at which a pod may have been ready, or at which a pod was asked for. */
export function lastChange(workload: WorkloadView, view: ClusterView): number {
  const { kind, namespace, name, uid } = workload;
  const ref = { kind, namespace, name, uid };
  const [newest] = view.revisionsOf(ref);
  const pods = view.podsOf(ref).map(({ readySince, createdAt }) => readySince ?? createdAt);
  return Math.max(workload.createdAt, workload.scaled?.at ?? 0, newest?.createdAt ?? 0, ...pods);
}
