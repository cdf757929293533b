import type { WorkloadKind } from '../../core/resource-ref.ts';
import { slimWorkload } from '../slim/workload.ts';
import { namespacedSource, type Source } from '../source.ts';

function workloadSource(kind: WorkloadKind, resource: string): Source {
  return namespacedSource({
    id: resource,
    apiGroup: 'apps',
    resource,
    slim(raw) {
      const object = slimWorkload(kind, raw);
      return object === undefined ? undefined : { kind: 'workload', object };
    },
  });
}

export const deployments = workloadSource('Deployment', 'deployments');
export const statefulSets = workloadSource('StatefulSet', 'statefulsets');
export const daemonSets = workloadSource('DaemonSet', 'daemonsets');
