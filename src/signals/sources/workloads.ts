import type { WorkloadKind } from '../../core/resource-ref.ts';
import { slimWorkload } from '../slim/workload.ts';
import { defineSource, type Source } from '../source.ts';

function workloadSource(kind: WorkloadKind, resource: string): Source {
  return defineSource({ kind: 'workload', apiGroup: 'apps', resource, slim: (raw) => slimWorkload(kind, raw) });
}

export const deployments = workloadSource('Deployment', 'deployments');
export const statefulSets = workloadSource('StatefulSet', 'statefulsets');
export const daemonSets = workloadSource('DaemonSet', 'daemonsets');
