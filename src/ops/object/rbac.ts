import type { RbacRule } from '../../core/action.ts';

const verbs = ['get', 'list', 'patch'] as const;

/** What reading and changing an object of each kind needs. */
export const objectRbac = {
  Node: [{ apiGroup: '', resource: 'nodes', verbs }],
  Pod: [{ apiGroup: '', resource: 'pods', verbs }],
  ConfigMap: [{ apiGroup: '', resource: 'configmaps', verbs }],
  Service: [{ apiGroup: '', resource: 'services', verbs }],
  Ingress: [{ apiGroup: 'networking.k8s.io', resource: 'ingresses', verbs }],
  Job: [{ apiGroup: 'batch', resource: 'jobs', verbs }],
  CronJob: [{ apiGroup: 'batch', resource: 'cronjobs', verbs }],
  HorizontalPodAutoscaler: [{ apiGroup: 'autoscaling', resource: 'horizontalpodautoscalers', verbs }],
  PersistentVolumeClaim: [
    { apiGroup: '', resource: 'persistentvolumeclaims', verbs },
    { apiGroup: 'storage.k8s.io', resource: 'storageclasses', verbs: ['get'] },
  ],
} as const satisfies Readonly<Record<string, readonly RbacRule[]>>;
