import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '../../core/action.ts';
import { LifeguardError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { isWorkloadRef, type ResourceRef, refName, type WorkloadRef } from '../../core/resource-ref.ts';
import type { Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { hasMark, writeOnce } from '../mark.ts';

/** Annotation that counts how often Lifeguard has raised the memory of a workload, so that it outlives every incident. */
export const raisesAnnotation = 'lifeguard.dev/memory-raises';

/** Applies the plan's patch unless the mark says that it is applied already. */
export async function applyPatch(run: Run, context: ActionContext): Promise<void> {
  await write(run, run.plan.patch, context);
}

/** Applies the plan's inverse, likewise. A `cluster-conflict` means that somebody changed the object since. */
export async function applyInverse(run: Run, context: ActionContext): Promise<void> {
  if (run.plan.inverse === null)
    throw new LifeguardError(run.plan.undo, { code: 'action-invalid', retry: 'permanent' });
  await write(run, run.plan.inverse, context);
}

/** Whether the last write on the object is this run's. */
export async function isMarked({ plan, mark }: Run, { workloads }: ActionContext): Promise<boolean> {
  const live = isWorkloadRef(plan.target) ? await workloads.read(plan.target) : undefined;
  return hasMark(live, mark);
}

function write(run: Run, operations: readonly PatchOperation[], { workloads }: ActionContext): Promise<void> {
  const ref = requireWorkload(run.plan.target);
  return writeOnce(run, operations, {
    read: () => workloads.read(ref),
    patch: (marked) => workloads.patch({ ref, operations: marked, dryRun: false }),
  });
}

function requireWorkload(ref: ResourceRef): WorkloadRef {
  if (isWorkloadRef(ref)) return ref;
  throw new LifeguardError(`${ref.kind} ${refName(ref)} has no pod template to change.`, {
    code: 'action-invalid',
    retry: 'permanent',
  });
}

/** Operations that replace the pod template, guarded by what it was when the plan was made. */
export function replaceTemplate(uid: string, from: JsonObject, to: JsonObject): PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/template', value: asJson(from) },
    { op: 'replace', path: '/spec/template', value: asJson(to) },
  ];
}

export function sameTemplate(a: JsonObject, b: JsonObject): boolean {
  return isDeepStrictEqual(asJson(a), asJson(b));
}

function asJson(value: JsonObject): Json {
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
