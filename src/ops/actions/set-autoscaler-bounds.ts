import { z } from 'zod';
import type { PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { readArray, readNumber, readPath, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { ResourceRef, refName } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { applyChange, isChanged, measuring, readObject, setField, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const replicas = z.coerce.number().int().min(1).max(100_000);

const BoundsParams = z
  .strictObject({
    target: ResourceRef.extend({ kind: z.literal('HorizontalPodAutoscaler') }),
    min: replicas.optional(),
    max: replicas.optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'name what is to change: min=… or max=…');
type BoundsParams = z.infer<typeof BoundsParams>;

export const setAutoscalerBounds = defineAction({
  id: 'set-autoscaler-bounds',
  title: 'Set autoscaler bounds',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: objectRbac.HorizontalPodAutoscaler,
  command: {
    name: 'autoscale',
    arguments: ['target'],
    options: ['min', 'max'],
    help: 'Set between how many replicas an autoscaler chooses.',
  },
  targets: ['HorizontalPodAutoscaler'],
  endsRollout: false,
  lasting: true,
  params: BoundsParams,
  plan: planBounds,
  execute: applyChange,
  isApplied: isChanged,
  measure: measuring((live, { patch }) =>
    patch.filter(({ op }) => op === 'add').every(({ path, value }) => live.spec[path.replace('/spec/', '')] === value),
  ),
  verify: verifyReached,
  undo: undoChange,
});

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Kubernetes' own default of `minReplicas`. */
function boundsOf({ spec }: LiveObject): Bounds {
  return { min: readNumber(spec, 'minReplicas') ?? 1, max: readNumber(spec, 'maxReplicas') ?? 1 };
}

async function planBounds(params: BoundsParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(params.target, context);
  if ('refused' in live) return live;
  const now = boundsOf(live);
  const { min = now.min, max = now.max } = params;
  const name = refName(live.ref);
  if (min > max) return { refused: `${name} cannot have at least ${min} and at most ${max} replicas.` };
  if (min === now.min && max === now.max) return { refused: `${name} has ${min} to ${max} replicas already.` };
  const patch = setBounds(live, { min, max });
  const result = await context.objects.patch({ ref: live.ref, operations: patch, dryRun: true });
  return {
    target: live.ref,
    summary: `Let HorizontalPodAutoscaler ${name} choose ${min} to ${max} replicas (now ${now.min} to ${now.max}).`,
    blastRadius: 'Its target gets more or fewer pods at once where it is outside of the new bounds.',
    risk: 'medium',
    diff: diffTemplates({ spec: { ...now } }, { spec: { min, max } }),
    patch,
    inverse: setBounds(result, now),
    undo: `${now.min} to ${now.max} replicas are put back, unless somebody changed that since.`,
    asks: { replicas: max },
    basis: digest({ uid: live.ref.uid, now, min, max }),
  };
}

function setBounds(live: LiveObject, { min, max }: Bounds): PatchOperation[] {
  return [...setField(live, 'maxReplicas', max), ...setField(live, 'minReplicas', min)];
}
