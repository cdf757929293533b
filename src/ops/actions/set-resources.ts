import { defineAction } from '../action.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { isMarked } from '../workload/patch.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { planRollout, ResourceParams, resourceOptions } from '../workload/resource-change.ts';
import { applyAndRollOut, undoAndRollOut } from '../workload/rollout.ts';
import { readTarget } from '../workload/target.ts';

export const setResources = defineAction({
  id: 'set-resources',
  title: 'Set resources',
  risk: 'low',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: [
    ...workloadRbac,
    { apiGroup: '', resource: 'pods', verbs: ['delete'] },
    { apiGroup: 'autoscaling.k8s.io', resource: 'verticalpodautoscalers', verbs: ['list'] },
    { apiGroup: '', resource: 'nodes', verbs: ['list'] },
  ],
  command: {
    name: 'resources',
    arguments: ['target', 'container'],
    options: resourceOptions,
    help: 'Set requests and limits of a container (`512Mi`, `250m`, `+50%`), with a rollout.',
  },
  leastAsks: { cpu: 0, memory: 0 },
  endsRollout: false,
  lasting: true,
  params: ResourceParams,
  async plan(params, context) {
    const live = await readTarget(params.target, context);
    return 'refused' in live ? live : await planRollout(live, params, context);
  },
  execute: applyAndRollOut,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyWorkload,
  undo: undoAndRollOut,
});
