import type { RbacRule } from '../../core/action.ts';

const verbs = ['get', 'list', 'patch'] as const;

/** What reading and changing an object of each kind needs. */
export const objectRbac = {
  Node: [{ apiGroup: '', resource: 'nodes', verbs }],
  CronJob: [{ apiGroup: 'batch', resource: 'cronjobs', verbs }],
  HorizontalPodAutoscaler: [{ apiGroup: 'autoscaling', resource: 'horizontalpodautoscalers', verbs }],
  PersistentVolumeClaim: [
    { apiGroup: '', resource: 'persistentvolumeclaims', verbs },
    { apiGroup: 'storage.k8s.io', resource: 'storageclasses', verbs: ['get'] },
  ],
} as const satisfies Readonly<Record<string, readonly RbacRule[]>>;
