import { z } from 'zod';
import type { Plan, Refusal } from '../../core/action.ts';
import { readString } from '../../core/json.ts';
import { refName, WorkloadRef } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { ContainerName, findContainer, replaceContainer } from '../workload/containers.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { isMarked, replaceTemplate } from '../workload/patch.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { applyAndRollOut, undoAndRollOut } from '../workload/rollout.ts';
import { describePods, readTarget } from '../workload/target.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const SetImageParams = z.strictObject({
  target: WorkloadRef,
  image: z
    .string()
    .regex(/^[\w][\w.:/@-]{0,511}$/, 'the name of an image')
    .describe('As a registry names it: `registry.example.com:5000/shop/web:1.2.3`.'),
  container: ContainerName,
});
type SetImageParams = z.infer<typeof SetImageParams>;

export const setImage = defineAction({
  id: 'set-image',
  title: 'Set image',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...workloadRbac, { apiGroup: '', resource: 'pods', verbs: ['delete'] }],
  command: {
    name: 'image',
    arguments: ['target', 'image', 'container'],
    help: 'Run another image, with a rollout; put the former one back if it does not work.',
  },
  endsRollout: false,
  lasting: true,
  params: SetImageParams,
  plan: planImage,
  execute: applyAndRollOut,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyWorkload,
  undo: undoAndRollOut,
});

async function planImage(
  { target, image, container }: SetImageParams,
  context: ActionContext,
): Promise<Plan | Refusal> {
  const live = await readTarget(target, context);
  if ('refused' in live) return live;
  const found = findContainer(live.template, container);
  if ('refused' in found) return found;
  const before = readString(found.container, 'image') ?? 'none';
  if (before === image) return { refused: `Container ${found.name} of ${refName(live.ref)} runs ${image} already.` };
  const template = replaceContainer(live.template, found, { ...found.container, image });
  const patch = replaceTemplate(live.ref.uid, live.template, template);
  const result = await context.workloads.patch({ ref: live.ref, operations: patch, dryRun: true });
  return {
    target: live.ref,
    summary: `Set the image of container ${found.name} of ${live.ref.kind} ${refName(live.ref)}: ${before} -> ${image}.`,
    blastRadius: describePods(live),
    risk: 'medium',
    diff: diffTemplates(live.template, result.template),
    patch,
    inverse: replaceTemplate(live.ref.uid, result.template, live.template),
    undo: `If it does not help, ${before} is put back, unless somebody changed the workload since.`,
    basis: digest({ uid: live.ref.uid, template: live.template, image }),
  };
}
