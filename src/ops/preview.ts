import type { Plan, Refusal } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Origin } from '../core/proposal.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import { actAs } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Claimant, Tally } from './guardrail.ts';
import { requestedChange } from './guardrails/attempts.ts';
import { type Judgement, judge, judgeFor } from './judge.ts';

interface Wish {
  readonly action: Action;
  readonly params: Json;
  readonly origin: Origin;
  /** The incident it is for, where there is one. */
  readonly incidentId: string | undefined;
  /** The execution that it is for, once it is carried out. */
  readonly executionId?: string;
  /** Who says yes to it, or has said so; it is tried as them. */
  readonly decider?: Claimant | undefined;
}

/**
 * What would happen now: the plan and what the guardrails say to it, or why there is no plan. Writes nothing. Where a person's own rights count, these are looked at
 * before anything is tried as that person.
 */
export async function preview(
  { action, params, origin, incidentId, executionId, decider }: Wish,
  context: OpsContext,
): Promise<Refusal | { readonly plan: Plan; readonly judgement: Judgement }> {
  const plan = await planSafely(action, params, context);
  if ('refused' in plan) return plan;
  const tally = await tallyOf(incidentId, plan, context);
  const claimant = decider ?? askerOf(origin);
  const judgement = await judge({ action, plan, origin, tally, executionId, claimant }, context);
  const acting = actAs(decider?.actor, context);
  if (acting === context || judgement.verdict.answer === 'deny') return { plan, judgement };
  const tried = await planSafely(action, params, acting);
  return 'refused' in tried ? tried : { plan: tried, judgement };
}

function askerOf({ user, groups }: Origin): Claimant | undefined {
  return user === undefined ? undefined : { actor: { user, groups }, does: 'asks' };
}

/** What the guardrails say to an action on an object: where Lifeguard wants it by itself, and where a person asks for it. */
interface Outlook {
  readonly alone: Judgement;
  readonly asked: Judgement;
  /** False where it needs to be said how much, so that only its kind could be judged. */
  readonly planned: boolean;
}

/** What would come of an action that nobody has asked for yet. Writes nothing. */
export async function foresee(
  { action, target, incidentId }: Pick<Wish, 'action' | 'incidentId'> & { readonly target: ResourceRef },
  context: OpsContext,
): Promise<Refusal | Outlook> {
  const { uid, ...identity } = target;
  const params = { target: uid === undefined ? identity : { ...identity, uid } };
  const planned = action.params.safeParse(params).success;
  const plan = planned ? await planSafely(action, params, context) : standIn(action, target);
  if ('refused' in plan) return plan;
  const tally = await tallyOf(incidentId, plan, context);
  const question = { action, plan, origin: { surface: 'auto' }, tally } as const;
  const [alone, asked] = await judgeFor(question, { surface: 'slash' }, context);
  return { alone, asked, planned };
}

/** In place of a plan that cannot be made before it is said how much. It is judged and never stored. */
function standIn({ title, risk, leastAsks }: Action, target: ResourceRef): Plan {
  return {
    target,
    summary: title,
    blastRadius: '',
    risk,
    diff: '',
    patch: [],
    inverse: null,
    undo: '',
    basis: '',
    ...(leastAsks === undefined ? {} : { asks: leastAsks }),
  };
}

/** What the API server rejects for good (an admission rule, a missing right) is a plan that cannot be made. */
async function planSafely(action: Action, params: Json, context: OpsContext): Promise<Plan | Refusal> {
  try {
    return await action.bind(params).plan(context);
  } catch (error) {
    if (error instanceof LifeguardError && error.retry === 'permanent') return { refused: error.message };
    throw error;
  }
}

/** Attempts are counted by object and cause: the incident's kind, or that a person asked. */
export async function tallyOf(
  incidentId: string | undefined,
  { target, countedAs }: Plan,
  { incidents }: OpsContext,
): Promise<Tally> {
  const incident = incidentId === undefined ? undefined : await incidents.get(incidentId);
  return { subject: refKey(countedAs ?? target), cause: incident?.kind ?? requestedChange };
}
