import { z } from 'zod';
import type { Measurement, PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { isWorkloadRef, refName, WorkloadRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { measureWorkload } from './measurement.ts';
import { readTarget } from './target.ts';
import { diffTemplates, digest } from './template-diff.ts';

export const PauseParams = z.strictObject({ target: WorkloadRef });

interface Words {
  readonly paused: boolean;
  /** `Pause the rollout of`. */
  readonly verb: string;
  readonly blastRadius: string;
  readonly undo: string;
}

/** What pausing or resuming a Deployment's rollout would change. */
export async function planPause(
  { target }: z.infer<typeof PauseParams>,
  { paused, verb, blastRadius, undo }: Words,
  context: ActionContext,
): Promise<Plan | Refusal> {
  if (target.kind !== 'Deployment')
    return { refused: `Only the rollout of a Deployment can be paused; this is a ${target.kind}.` };
  const live = await readTarget(target, context, 'allowed');
  if ('refused' in live) return live;
  const { ref } = live;
  if (live.paused === paused)
    return { refused: `The rollout of ${refName(ref)} is ${paused ? 'paused already' : 'not paused'}.` };
  const patch = setPaused(ref.uid, paused);
  await context.workloads.patch({ ref, operations: patch, dryRun: true });
  return {
    target: ref,
    summary: `${verb} Deployment ${refName(ref)}.`,
    blastRadius,
    risk: 'medium',
    diff: diffTemplates({ spec: { paused: live.paused } }, { spec: { paused } }),
    patch,
    inverse: setPaused(ref.uid, live.paused),
    undo,
    basis: digest({ uid: ref.uid, paused: live.paused, template: live.template }),
  };
}

/** `add` also replaces; the field is absent where it was never set. */
function setPaused(uid: string, paused: boolean): PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'add', path: '/spec/paused', value: paused },
  ];
}

/** How the workload does, and whether it is paused. */
export async function measurePause(plan: Plan, context: ActionContext): Promise<Measurement | undefined> {
  const { target } = plan;
  const [measured, live] = await Promise.all([
    measureWorkload(plan, context),
    isWorkloadRef(target) ? context.workloads.read(target) : undefined,
  ]);
  return measured === undefined || live === undefined ? undefined : { ...measured, reached: live.paused };
}
