import { z } from 'zod';
import type { PatchOperation, Plan, Refusal, Risk } from '../../core/action.ts';
import { refName, WorkloadRef } from '../../core/resource-ref.ts';
import { defineAction, type VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { applyInverse, applyPatch, isMarked } from '../workload/patch.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { readTarget } from '../workload/target.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const ScaleParams = z.strictObject({
  target: WorkloadRef,
  replicas: z.coerce.number().int().min(0).max(100_000).describe('How many it shall have; 0 ends all of them.'),
});
type ScaleParams = z.infer<typeof ScaleParams>;

export const scaleWorkload = defineAction({
  id: 'scale-workload',
  title: 'Scale workload',
  risk: 'low',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: workloadRbac,
  command: { name: 'scale', arguments: ['target', 'replicas'], help: 'Set how many replicas it has.' },
  leastAsks: { replicas: 1 },
  endsRollout: false,
  lasting: true,
  params: ScaleParams,
  plan: planScale,
  execute: applyPatch,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyScale,
  undo: applyInverse,
});

async function planScale({ target, replicas }: ScaleParams, context: ActionContext): Promise<Plan | Refusal> {
  if (target.kind === 'DaemonSet')
    return { refused: 'A DaemonSet has a pod on each of its nodes; it cannot be scaled.' };
  const live = await readTarget(target, context, 'allowed');
  if ('refused' in live) return live;
  const { ref, desired } = live;
  if (desired === replicas) return { refused: `${refName(ref)} has ${replicas} replicas already.` };
  const patch = setReplicas(ref.uid, desired, replicas);
  await context.workloads.patch({ ref, operations: patch, dryRun: true });
  return {
    target: ref,
    summary: `Scale ${ref.kind} ${refName(ref)} from ${desired} to ${replicas} replicas.`,
    blastRadius: describeChange(desired, replicas),
    risk: riskOf(desired, replicas),
    diff: diffTemplates({ spec: { replicas: desired } }, { spec: { replicas } }),
    patch,
    inverse: setReplicas(ref.uid, replicas, desired),
    undo: `If it does not help, ${desired} replicas are put back, unless somebody changed that since.`,
    asks: { replicas, pods: Math.max(0, live.ready - replicas) },
    basis: digest({ uid: ref.uid, desired, replicas }),
  };
}

function setReplicas(uid: string, from: number, to: number): PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/replicas', value: from },
    { op: 'replace', path: '/spec/replicas', value: to },
  ];
}

/** More pods are harmless within the bounds; fewer may be too few; none is an outage. */
function riskOf(from: number, to: number): Risk {
  if (to === 0) return 'high';
  return to < from ? 'medium' : 'low';
}

function describeChange(from: number, to: number): string {
  const pods = Math.abs(to - from) === 1 ? '1 pod' : `${Math.abs(to - from)} pods`;
  if (to === 0) return `All ${pods} end; nothing of it runs any more.`;
  return to < from ? `${pods} of ${from} end.` : `${pods} more start; the present ${from} stay.`;
}

/** Where nothing is wanted, nothing being left is the proof. */
function verifyScale(input: VerifyInput, context: ActionContext) {
  const { plan, after, appliedAt, now } = input;
  if (plan.asks?.replicas !== 0) return verifyWorkload(input, context);
  if (after.desired === 0 && after.replaced)
    return { verdict: 'improved' as const, settled: true, sentence: 'No pod of it is left, as was asked for.' };
  const over = now - appliedAt >= context.policy.verification.deadlineMs;
  return {
    verdict: over ? ('unchanged' as const) : ('unknown' as const),
    settled: over,
    sentence: 'Some of its pods are still there.',
  };
}
