import type { Plan, Refusal } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Origin } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import type { OpsContext } from './context.ts';
import type { Tally } from './guardrail.ts';
import { requestedChange } from './guardrails/attempts.ts';
import { type Judgement, judge } from './judge.ts';

interface Wish {
  readonly action: Action;
  readonly params: Json;
  readonly origin: Origin;
  /** The incident it is for, where there is one. */
  readonly incidentId: string | undefined;
  /** The execution that it is for, once it is carried out. */
  readonly executionId?: string;
}

/** What would happen now: the plan and what the guardrails say to it, or why there is no plan. Writes nothing. */
export async function preview(
  { action, params, origin, incidentId, executionId }: Wish,
  context: OpsContext,
): Promise<Refusal | { readonly plan: Plan; readonly judgement: Judgement }> {
  const plan = await planSafely(action, params, context);
  if ('refused' in plan) return plan;
  const tally = await tallyOf(incidentId, plan, context);
  return { plan, judgement: await judge({ action, plan, origin, tally, executionId }, context) };
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
