import type { Measurement, PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { LifeguardError } from '../../core/errors.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { hasMark, writeOnce } from '../mark.ts';

/** The live object, or why nothing can be done with it. A target with a uid means that very object, not its successor. */
export async function readObject(target: ResourceRef, { objects }: ActionContext): Promise<LiveObject | Refusal> {
  const live = await objects.read(target);
  return live ?? { refused: `${target.kind} ${refName(target)} does not exist (any more).` };
}

/** Applies the plan's patch unless the mark says that it is applied already. */
export async function applyChange(run: Run, context: ActionContext): Promise<void> {
  await write(run, run.plan.patch, context);
}

/** Applies the plan's inverse, likewise. */
export async function undoChange(run: Run, context: ActionContext): Promise<void> {
  if (run.plan.inverse === null)
    throw new LifeguardError(run.plan.undo, { code: 'action-invalid', retry: 'permanent' });
  await write(run, run.plan.inverse, context);
}

function write(run: Run, operations: readonly PatchOperation[], { objects }: ActionContext): Promise<void> {
  const { target: ref } = run.plan;
  return writeOnce(run, operations, {
    read: () => objects.read(ref),
    patch: (marked) => objects.patch({ ref, operations: marked, dryRun: false }),
  });
}

export async function isChanged({ plan, mark }: Run, { objects }: ActionContext): Promise<boolean> {
  return hasMark(await objects.read(plan.target), mark);
}

/** Measures whether what was asked for is so. `isReached` reads the live object. */
export function measuring(isReached: (live: LiveObject, plan: Plan) => boolean) {
  return async (plan: Plan, { objects, clock }: ActionContext): Promise<Measurement | undefined> => {
    const live = await objects.read(plan.target);
    return live === undefined ? undefined : { ...nothingMeasured({ clock }), reached: isReached(live, plan) };
  };
}

/** Of what has no pods to count. */
export function nothingMeasured({ clock }: Pick<ActionContext, 'clock'>): Measurement {
  return {
    at: clock.now(),
    desired: 0,
    ready: 0,
    restarts: 0,
    findings: [],
    rolledOut: true,
    replaced: true,
    stableSince: null,
  };
}

/** `add` also replaces; the field may be absent where it was never set. Guarded by what is there now, where something is. */
export function setField({ spec }: LiveObject, name: string, value: string | number | boolean): PatchOperation[] {
  const path = `/spec/${name}`;
  const now = spec[name];
  return [...(now === undefined ? [] : [{ op: 'test' as const, path, value: now }]), { op: 'add', path, value }];
}
