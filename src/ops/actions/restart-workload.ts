import { z } from 'zod';
import type { Plan, Refusal } from '../../core/action.ts';
import { refName, WorkloadRef } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { applyPatch, isMarked } from '../workload/patch.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { restartTemplate } from '../workload/restart.ts';
import { describePods, readTarget } from '../workload/target.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const RestartParams = z.strictObject({ target: WorkloadRef });

export const restartWorkload = defineAction({
  id: 'restart-workload',
  title: 'Restart workload',
  risk: 'low',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: workloadRbac,
  command: {
    name: 'restart',
    arguments: ['target'],
    help: 'Replace its pods one by one, as `kubectl rollout restart` does.',
  },
  endsRollout: false,
  lasting: false,
  params: RestartParams,
  plan: planRestart,
  execute: applyPatch,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyWorkload,
});

async function planRestart({ target }: z.infer<typeof RestartParams>, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readTarget(target, context);
  if ('refused' in live) return live;
  const patch = restartTemplate(live, context.clock.now());
  const result = await context.workloads.patch({ ref: live.ref, operations: patch, dryRun: true });
  return {
    target: live.ref,
    summary: `Restart ${live.ref.kind} ${refName(live.ref)}: its pods are replaced one by one, nothing else changes.`,
    blastRadius: describePods(live),
    risk: 'low',
    diff: diffTemplates(live.template, result.template),
    patch,
    inverse: null,
    undo: 'Nothing to undo: a restart leaves the configuration as it was.',
    basis: digest({ uid: live.ref.uid, template: live.template, paused: live.paused }),
  };
}
