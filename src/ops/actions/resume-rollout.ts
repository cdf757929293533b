import { defineAction } from '../action.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { applyInverse, applyPatch, isMarked } from '../workload/patch.ts';
import { PauseParams, planPause } from '../workload/pause.ts';
import { workloadRbac } from '../workload/rbac.ts';

const words = {
  paused: false,
  verb: 'Resume the rollout of',
  blastRadius: 'Its pods are replaced as its update strategy allows, where its template has changed.',
  undo: 'If it does not become ready, it is paused again where it stands.',
} as const;

export const resumeRollout = defineAction({
  id: 'resume-rollout',
  title: 'Resume rollout',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: workloadRbac,
  command: { name: 'resume-rollout', arguments: ['target'], help: 'Let a paused rollout go on.' },
  endsRollout: true,
  lasting: true,
  params: PauseParams,
  plan: (params, context) => planPause(params, words, context),
  execute: applyPatch,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyWorkload,
  undo: applyInverse,
});
