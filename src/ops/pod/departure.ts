import type { Measurement, Plan, Refusal, Risk, Verification } from '../../core/action.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { isWorkloadRef, type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { isReady } from '../node/service.ts';
import { readObject } from '../object/change.ts';
import { measureWorkloads } from '../workload/many.ts';
import { verifyWorkload } from '../workload/measurement.ts';
import { digest } from '../workload/template-diff.ts';
import { findOwner, isStatic } from './owner.ts';

/** How a pod is let go of. */
export interface Departure {
  /** `Evict`. */
  readonly verb: string;
  /** False where it goes whatever its disruption budgets say. */
  readonly asksBudgets: boolean;
  /** Tries it without keeping it: undefined where it would go, otherwise what holds it. */
  readonly rehearse: (
    pod: ResourceRef & { readonly uid: string },
    context: ActionContext,
  ) => Promise<string | undefined>;
}

/** What letting go of a pod would do: who makes it again, and who serves meanwhile. */
export async function planDeparture(
  target: ResourceRef,
  { verb, asksBudgets, rehearse }: Departure,
  context: ActionContext,
): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const held = whyItStays(live);
  if (held !== undefined) return { refused: held };
  const { ref } = live;
  const owner = await findOwner(live, context);
  const hold = await rehearse(ref, context);
  if (hold !== undefined) return { refused: `${refName(ref)} cannot go now: ${hold}` };
  const others = await countOthers(ref, owner, context);
  return {
    target: ref,
    summary: `${verb} Pod ${refName(ref)}.`,
    blastRadius: describeLoss(owner, others),
    risk: riskOf(owner, others),
    diff: '',
    patch: [],
    inverse: null,
    undo: 'A pod that is gone does not come back; what owns it makes another.',
    objects: [ref],
    asks: { pods: asksBudgets ? 0 : Number(isReady(live.status)) },
    countedAs: owner ?? ref,
    affects: owner !== undefined && isWorkloadRef(owner) ? [owner] : [],
    basis: digest({ uid: ref.uid, owner: { ...owner } }),
  };
}

function whyItStays(live: LiveObject): string | undefined {
  if (live.deletion !== undefined) return `${refName(live.ref)} is on its way out already.`;
  return isStatic(live)
    ? `${refName(live.ref)} is made by its node from a file there; it cannot be let go of.`
    : undefined;
}

/** Ready pods of the same owner that stay; 0 where the owner is no workload. */
async function countOthers(
  pod: ResourceRef,
  owner: ResourceRef | undefined,
  { observer }: ActionContext,
): Promise<number> {
  if (owner === undefined || !isWorkloadRef(owner)) return 0;
  const pods = (await observer.observe(owner)).podsOf(owner);
  return pods.filter(({ ready, uid, deletion }) => ready && uid !== pod.uid && deletion === undefined).length;
}

function riskOf(owner: ResourceRef | undefined, others: number): Risk {
  if (owner === undefined) return 'high';
  return others > 0 ? 'low' : 'medium';
}

function describeLoss(owner: ResourceRef | undefined, others: number): string {
  if (owner === undefined) return 'This pod; nothing makes it again.';
  const rest = others === 1 ? '1 other pod of it is' : `${others} other pods of it are`;
  return `This pod; ${refKey(owner)} makes another. ${others === 0 ? 'No other pod of it is ready now.' : `${rest} ready.`}`;
}

/** Whether the pods have gone, and how what owned them does. */
export async function measureDeparture(
  { objects = [], affects = [] }: Plan,
  context: ActionContext,
): Promise<Measurement> {
  const left = await Promise.all(objects.map((pod) => context.objects.read(pod)));
  const measured = await measureWorkloads(affects, context);
  return { ...measured, reached: left.every((pod) => pod === undefined) };
}

/** Proven once the pods are gone and what owned them is as ready as it wants to be. */
export function verifyDeparture(input: VerifyInput, context: ActionContext): Verification {
  const { plan, after, appliedAt, now } = input;
  if (after.reached !== true) {
    const over = now - appliedAt >= context.policy.verification.deadlineMs;
    const sentence = 'It has not gone yet.';
    return { verdict: over ? 'unchanged' : 'unknown', settled: over, sentence };
  }
  if ((plan.affects ?? []).length > 0) return verifyWorkload(input, context);
  return { verdict: 'improved', settled: true, sentence: 'It is gone, as was asked for.' };
}
