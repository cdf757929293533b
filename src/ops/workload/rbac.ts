import type { RbacRule } from '../../core/action.ts';

const kinds = ['deployments', 'statefulsets', 'daemonsets'] as const;

/** What reading a workload's state and history needs. */
export const workloadReadRbac: readonly RbacRule[] = [
  ...kinds.map((resource) => ({ apiGroup: 'apps', resource, verbs: ['get', 'list'] })),
  { apiGroup: 'apps', resource: 'replicasets', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'controllerrevisions', verbs: ['get', 'list'] },
  { apiGroup: '', resource: 'pods', verbs: ['get', 'list'] },
  { apiGroup: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['list'] },
  { apiGroup: 'policy', resource: 'poddisruptionbudgets', verbs: ['list'] },
];

/** That, and patching its template. */
export const workloadRbac: readonly RbacRule[] = [
  ...workloadReadRbac,
  ...kinds.map((resource) => ({ apiGroup: 'apps', resource, verbs: ['patch'] })),
];
