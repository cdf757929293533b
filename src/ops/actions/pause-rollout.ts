import { defineAction } from '../action.ts';
import { applyInverse, applyPatch, isMarked } from '../workload/patch.ts';
import { measurePause, PauseParams, planPause } from '../workload/pause.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { verifyReached } from '../workload/reached.ts';

const words = {
  paused: true,
  verb: 'Pause the rollout of',
  blastRadius:
    'Pods that are new already stay, and no further pod is replaced. Changes of its template wait until it is resumed.',
  undo: 'Resume it at any time; Lifeguard leaves it paused.',
} as const;

export const pauseRollout = defineAction({
  id: 'pause-rollout',
  title: 'Pause rollout',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: workloadRbac,
  command: { name: 'pause-rollout', arguments: ['target'], help: 'Stop a rollout where it stands.' },
  endsRollout: true,
  lasting: true,
  params: PauseParams,
  plan: (params, context) => planPause(params, words, context),
  execute: applyPatch,
  isApplied: isMarked,
  measure: measurePause,
  verify: verifyReached,
  undo: applyInverse,
});
