import { z } from 'zod';
import type { Measurement, PatchOperation, Plan, RbacRule, Refusal } from '../../core/action.ts';
import { hasCode } from '../../core/errors.ts';
import { readArray, readString } from '../../core/json.ts';
import type { LiveObject, ObjectKind } from '../../core/ports/objects.ts';
import { ResourceRef, refName } from '../../core/resource-ref.ts';
import { defineAction, type Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { nothingMeasured, readObject } from '../object/change.ts';
import { describeKeeper } from '../object/finalizer.ts';
import { objectRbac } from '../object/rbac.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

/** No namespaces: what is in one whose finalizer is taken away is orphaned for good. */
const kinds = [
  'PersistentVolumeClaim',
  'Pod',
  'ConfigMap',
  'Job',
  'Service',
  'Ingress',
] as const satisfies readonly ObjectKind[];

const FinalizerParams = z.strictObject({
  target: ResourceRef.extend({ kind: z.enum(kinds) }),
  finalizer: z.string().min(1).max(316).describe('Its whole name, as it stands in metadata.finalizers.'),
});
type FinalizerParams = z.infer<typeof FinalizerParams>;

export const removeFinalizer = defineAction({
  id: 'remove-finalizer',
  title: 'Remove finalizer',
  risk: 'high',
  surfaces: ['slash', 'button'],
  rbac: kinds.flatMap((kind): readonly RbacRule[] => objectRbac[kind]),
  command: {
    name: 'remove-finalizer',
    arguments: ['target', 'finalizer'],
    help: 'Let an object go that was deleted long ago and is still held; what its finalizer stands for is not done.',
  },
  targets: kinds,
  endsRollout: false,
  lasting: false,
  params: FinalizerParams,
  plan: planRemoval,
  execute: removeOnce,
  isApplied: async ({ plan }, context) => !(await isHeld(plan, context)),
  measure: measureRemoval,
  verify: verifyReached,
});

/** Controllers get this long to clean up, milliseconds; somebody who deletes by hand waits as long at least. */
const patienceMs = 10 * 60_000;

async function planRemoval({ target, finalizer }: FinalizerParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref, finalizers } = live;
  const refusal = refuse(live, context.clock.now()) ?? (await refuseInUse(live, finalizer, context));
  if (refusal !== undefined) return { refused: refusal };
  const index = finalizers.indexOf(finalizer);
  if (index === -1) return { refused: `${refName(ref)} is held by ${finalizers.join(', ')}, not by ${finalizer}.` };
  const path = `/metadata/finalizers/${index}`;
  const patch: PatchOperation[] = [
    { op: 'test', path, value: finalizer },
    { op: 'remove', path },
  ];
  await context.objects.patch({ ref, operations: patch, dryRun: true });
  const left = finalizers.filter((one) => one !== finalizer);
  const then = left.length === 0 ? 'It goes at once.' : `It is still held by ${left.join(', ')}.`;
  return {
    target: ref,
    summary: `Remove the finalizer ${finalizer} from ${ref.kind} ${refName(ref)}.`,
    blastRadius: `${then} This finalizer is removed by ${describeKeeper(finalizer)}; whatever that has not done stays undone.`,
    risk: 'high',
    diff: diffTemplates({ metadata: { finalizers: [...finalizers] } }, { metadata: { finalizers: left } }),
    patch,
    inverse: null,
    undo: 'There is no way back: an object that is being deleted takes no finalizer any more.',
    basis: digest({ uid: ref.uid, finalizers }),
  };
}

/** Only what has been on its way out for long, and waits for nothing but finalizers. */
function refuse({ ref, deletion, finalizers }: LiveObject, now: number): string | undefined {
  const name = `${ref.kind} ${refName(ref)}`;
  if (deletion === undefined) return `Nobody has deleted ${name}, so its finalizers do their work.`;
  if (finalizers.length === 0) return `${name} is held by no finalizer.`;
  const minutes = Math.floor((now - deletion.since) / 60_000);
  if (now - deletion.since >= patienceMs) return undefined;
  return `${name} was deleted ${Math.max(0, minutes)} min ago; its controllers get ${patienceMs / 60_000} min first.`;
}

/** A claim that pods write to is protected for a reason. */
async function refuseInUse(
  { ref }: LiveObject,
  finalizer: string,
  { objects }: ActionContext,
): Promise<string | undefined> {
  if (ref.kind !== 'PersistentVolumeClaim' || finalizer !== 'kubernetes.io/pvc-protection') return undefined;
  const pods = await objects.list({ kind: 'Pod', namespace: ref.namespace });
  const users = pods.filter(({ spec }) =>
    readArray(spec, 'volumes').some((one) => readString(one, 'persistentVolumeClaim', 'claimName') === ref.name),
  );
  if (users.length === 0) return undefined;
  return `${refName(ref)} is used by ${users.map((pod) => refName(pod.ref)).join(', ')}; it goes once they are gone.`;
}

/** The object may go with the write, and its mark with it: what tells is whether the finalizer is there. */
async function removeOnce(run: Run, context: ActionContext): Promise<void> {
  const { target: ref, patch: operations } = run.plan;
  if (!(await isHeld(run.plan, context))) return;
  try {
    await context.objects.patch({ ref, operations, dryRun: false });
  } catch (error) {
    if (!hasCode(error, 'cluster-not-found')) throw error;
  }
}

async function isHeld({ target, patch }: Plan, { objects }: ActionContext): Promise<boolean> {
  const finalizer = patch.find(({ op }) => op === 'test')?.value;
  const live = await objects.read(target);
  return live?.finalizers.some((one) => one === finalizer) ?? false;
}

async function measureRemoval(plan: Plan, context: ActionContext): Promise<Measurement> {
  return { ...nothingMeasured(context), reached: !(await isHeld(plan, context)) };
}
