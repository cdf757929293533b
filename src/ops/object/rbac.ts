import type { RbacRule } from '../../core/action.ts';
import type { ObjectKind } from '../../core/ports/objects.ts';

const verbs = ['get', 'list', 'patch'] as const;

/** What reading and changing an object of each kind needs. */
export const objectRbac: Readonly<Record<ObjectKind, readonly RbacRule[]>> = {
  Node: [{ apiGroup: '', resource: 'nodes', verbs }],
  CronJob: [{ apiGroup: 'batch', resource: 'cronjobs', verbs }],
  HorizontalPodAutoscaler: [{ apiGroup: 'autoscaling', resource: 'horizontalpodautoscalers', verbs }],
};
