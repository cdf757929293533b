import { z } from 'zod';
import type { PatchOperation, Plan, Refusal, Risk } from '../../core/action.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { ResourceRef, refName } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';
import { applyChange, isChanged, measuring, readObject, setField, undoChange } from './change.ts';

/** A field of an object's spec that is true or false. */
export interface Switch {
  /** `unschedulable`. */
  readonly field: string;
  readonly on: boolean;
  /** `Cordon`. */
  readonly verb: string;
  /** `cordoned`: what it is when that is done. */
  readonly done: string;
  readonly risk: Risk;
  readonly blastRadius: string;
  /** The risk where the object itself lowers or raises it. */
  readonly riskFor?: (live: LiveObject) => Risk;
  readonly asks?: Plan['asks'];
}

export const NodeParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal('Node') }) });
export const CronJobParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal('CronJob') }) });

/** How an action turns a switch: planned, turned, proven and turned back. */
export function turn(wanted: Switch) {
  return {
    risk: wanted.risk,
    endsRollout: false,
    plan: ({ target }: { readonly target: ResourceRef }, context: ActionContext) => planSwitch(target, wanted, context),
    execute: applyChange,
    isApplied: isChanged,
    measure: measureSwitch(wanted),
    verify: verifyReached,
    undo: undoChange,
  };
}

/** What turning the switch would change; it can always be turned back. */
async function planSwitch(
  target: ResourceRef,
  { field, on, verb, done, risk, riskFor, blastRadius, asks }: Switch,
  context: ActionContext,
): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref, spec } = live;
  const now = spec[field] === true;
  const name = `${ref.kind} ${refName(ref)}`;
  if (now === on) return { refused: `${name} is ${done} already.` };
  const patch = setField(live, field, on);
  await context.objects.patch({ ref, operations: patch, dryRun: true });
  return {
    target: ref,
    summary: `${verb} ${name}.`,
    blastRadius,
    risk: riskFor?.(live) ?? risk,
    diff: diffTemplates({ spec: { [field]: now } }, { spec: { [field]: on } }),
    patch,
    inverse: turnBack(field, { on, now }),
    undo: 'It can be turned back at any time.',
    ...(asks === undefined ? {} : { asks }),
    basis: digest({ uid: ref.uid, now, on }),
  };
}

/** A field that is off may be left out by the API server, so there is nothing to test then; and on again is on again, whoever did it. */
function turnBack(field: string, { on, now }: { readonly on: boolean; readonly now: boolean }): PatchOperation[] {
  const path = `/spec/${field}`;
  return [...(on ? [{ op: 'test' as const, path, value: on }] : []), { op: 'add', path, value: now }];
}

function measureSwitch({ field, on }: Switch) {
  return measuring(({ spec }) => (spec[field] === true) === on);
}
