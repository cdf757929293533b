import type { Plan, Refusal } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Origin } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import { actAs } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Claimant } from './guardrail.ts';
import { type Judgement, judge } from './judge.ts';

interface Wish {
  readonly action: Action;
  readonly params: Json;
  readonly origin: Origin;
  /** The incident it is for, where there is one. */
  readonly incidentId: string | undefined;
  /** Who says yes to it, or has said so; it is tried as them. */
  readonly decider?: Claimant | undefined;
}

/**
 * What would happen now: the plan and what the guardrails say to it, or why there is no plan. Writes nothing. Where a person's own rights count, these are looked at
 * before anything is tried as that person.
 */
export async function preview(
  { action, params, origin, incidentId, decider }: Wish,
  context: OpsContext,
): Promise<Refusal | { readonly plan: Plan; readonly judgement: Judgement }> {
  const plan = await planSafely(action, params, context);
  if ('refused' in plan) return plan;
  const attemptKey = await attemptKeyOf(incidentId, plan, context);
  const claimant = decider ?? askerOf(origin);
  const judgement = await judge({ action, plan, origin, attemptKey, claimant }, context);
  const acting = actAs(decider?.actor, context);
  if (acting === context || judgement.verdict.answer === 'deny') return { plan, judgement };
  const tried = await planSafely(action, params, acting);
  return 'refused' in tried ? tried : { plan: tried, judgement };
}

function askerOf({ user, groups }: Origin): Claimant | undefined {
  return user === undefined ? undefined : { actor: { user, groups }, does: 'asks' };
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

/** Attempts are counted by workload and cause: the incident's kind, or that a person asked. */
export async function attemptKeyOf(
  incidentId: string | undefined,
  plan: Plan,
  { incidents }: OpsContext,
): Promise<string> {
  const incident = incidentId === undefined ? undefined : await incidents.get(incidentId);
  return `${refKey(plan.target)} ${incident?.kind ?? 'requested-change'}`;
}
