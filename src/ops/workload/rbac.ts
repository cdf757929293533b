import type { RbacRule } from '../../core/action.ts';

/** What reading a workload's state and history and patching its template needs. */
export const workloadRbac: readonly RbacRule[] = [
  { apiGroup: 'apps', resource: 'deployments', verbs: ['get', 'list', 'patch'] },
  { apiGroup: 'apps', resource: 'statefulsets', verbs: ['get', 'list', 'patch'] },
  { apiGroup: 'apps', resource: 'daemonsets', verbs: ['get', 'list', 'patch'] },
  { apiGroup: 'apps', resource: 'replicasets', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'controllerrevisions', verbs: ['get', 'list'] },
  { apiGroup: '', resource: 'pods', verbs: ['get', 'list'] },
  { apiGroup: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['list'] },
];
