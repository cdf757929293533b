import { slimAutoscaler, slimDisruptionBudget, slimVolumeClaim } from '../slim/capacity.ts';
import { slimClass } from '../slim/class.ts';
import { defineSource } from '../source.ts';

export const volumeClaims = defineSource({
  kind: 'volumeClaim',
  apiGroup: '',
  resource: 'persistentvolumeclaims',
  slim: slimVolumeClaim,
});

export const storageClasses = defineSource({
  kind: 'storageClass',
  apiGroup: 'storage.k8s.io',
  resource: 'storageclasses',
  scope: 'cluster',
  slim: slimClass,
});

export const disruptionBudgets = defineSource({
  kind: 'disruptionBudget',
  apiGroup: 'policy',
  resource: 'poddisruptionbudgets',
  slim: slimDisruptionBudget,
});

export const autoscalers = defineSource({
  kind: 'autoscaler',
  apiGroup: 'autoscaling',
  version: 'v2',
  resource: 'horizontalpodautoscalers',
  slim: slimAutoscaler,
});
