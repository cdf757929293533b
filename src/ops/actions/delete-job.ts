import type { Plan, Refusal } from '../../core/action.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { endOf, JobParams, jobRbac } from '../job/target.ts';
import { readObject } from '../object/change.ts';
import { measureDeparture, verifyDeparture } from '../pod/departure.ts';
import { departed } from '../pod/target.ts';
import { digest } from '../workload/template-diff.ts';

export const deleteJob = defineAction({
  id: 'delete-job',
  title: 'Delete job',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: jobRbac('delete'),
  command: {
    name: 'delete-job',
    arguments: ['target'],
    help: 'Delete a Job that has ended, with its pods and their logs.',
  },
  targets: ['Job'],
  endsRollout: false,
  lasting: true,
  params: JobParams,
  plan: ({ target }, context) => planDeletion(target, context),
  execute: async ({ plan }, { objects }) => {
    for (const ref of departed(plan)) await objects.remove({ ref, dryRun: false });
  },
  isApplied: async ({ plan }, context) => (await measureDeparture(plan, context)).reached === true,
  measure: measureDeparture,
  verify: verifyDeparture,
});

async function planDeletion(target: ResourceRef, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref } = live;
  const end = endOf(live);
  if (end === undefined) return { refused: `Job ${refName(ref)} has not ended yet; Lifeguard deletes none that runs.` };
  await context.objects.remove({ ref, dryRun: true });
  return {
    target: ref,
    summary: `Delete Job ${refName(ref)}, which ${end === 'failed' ? 'has failed' : 'is complete'}.`,
    blastRadius: 'Its pods and their logs go with it.',
    risk: 'medium',
    diff: '',
    patch: [],
    inverse: null,
    undo: 'A Job that is deleted cannot be brought back; its logs are gone.',
    objects: [ref],
    basis: digest({ uid: ref.uid, end }),
  };
}
