import type { Plan, Refusal } from '../core/action.ts';
import type { Json } from '../core/json.ts';
import type { Origin, Proposal } from '../core/proposal.ts';
import type { Action } from './action.ts';
import { findAction } from './actions/index.ts';
import { auditOf } from './audit-of.ts';
import type { OpsContext } from './context.ts';
import type { Judgement } from './judge.ts';
import { preview } from './preview.ts';

export interface Request {
  readonly incidentId: string;
  readonly actionId: string;
  readonly params: Json;
  readonly reason: string;
  readonly origin: Origin;
  /** Of the proposal; a new one where absent. */
  readonly id?: string;
}

/** Length of a proposal's id: 16 letters and digits are enough not to be guessed. */
export const idLength = 16;

/** Where `retryAt` is given, the refusal may be different then (epoch milliseconds). */
export type Refused = Refusal & {
  readonly retryAt?: number;
  /** Waiting will not change it. */
  readonly forGood?: true;
  readonly by: 'plan' | 'guardrail';
};

export type Submission = { readonly proposal: Proposal } | Refused;

/**
 * The one way in, for people, remedies and models alike: plan, judge, remember. What the guardrails allow goes on to be executed; what needs
 * approval waits for a person; what they deny is answered with the reason and leaves no proposal behind.
 */
export async function submit(request: Request, context: OpsContext): Promise<Submission> {
  const action = findAction(request.actionId);
  if (action === undefined) return { refused: `There is no action ${request.actionId}.`, by: 'plan' };
  if (!action.surfaces.includes(request.origin.surface)) {
    return { refused: `${action.title} cannot be asked for from here.`, by: 'plan' };
  }
  const { params, origin, incidentId } = request;
  const previewed = await preview({ action, params, origin, incidentId }, context);
  if ('refused' in previewed) return { ...previewed, by: 'plan' };
  const { plan, judgement } = previewed;
  const { verdict } = judgement;
  if (verdict.answer === 'deny') {
    const asked = { ...request, plan, rulings: [...judgement.rulings] };
    const detail = `${request.actionId}: ${verdict.reason}`;
    await context.audit.append(auditOf({ at: context.clock.now(), what: 'denied', detail }, asked));
    return {
      refused: verdict.reason,
      by: 'guardrail',
      ...(verdict.retryAt === undefined ? {} : { retryAt: verdict.retryAt }),
      ...(verdict.forGood === undefined ? {} : { forGood: verdict.forGood }),
    };
  }
  const proposal = draft({ request, action, plan, judgement }, context);
  await remember(proposal, context);
  return { proposal };
}

interface Draft {
  readonly request: Request;
  readonly action: Action;
  readonly plan: Plan;
  readonly judgement: Judgement;
}

function draft({ request, action, plan, judgement }: Draft, { clock, identifiers, policy }: OpsContext): Proposal {
  const now = clock.now();
  const allowed = judgement.verdict.answer === 'allow';
  return {
    id: request.id ?? identifiers.next(idLength),
    version: 1,
    incidentId: request.incidentId,
    actionId: action.id,
    params: request.params,
    plan,
    reason: request.reason,
    origin: request.origin,
    state: allowed ? 'approved' : 'awaiting-approval',
    rulings: [...judgement.rulings],
    createdAt: now,
    expiresAt: now + policy.approvalExpiresMs,
    ...(allowed ? { decision: { by: 'lifeguard', at: now, note: judgement.verdict.reason } } : {}),
  };
}

async function remember(proposal: Proposal, context: OpsContext): Promise<void> {
  const { id, plan, incidentId, createdAt: at, decision } = proposal;
  const isNew = await context.proposals.create(proposal);
  // One of this id is this very proposal, made by somebody else just now, or by somebody who died before it was told.
  if (!isNew && (await context.incidents.get(incidentId))?.proposalIds.includes(id) === true) return;
  await context.audit.append(auditOf({ at, what: 'proposed', detail: plan.summary }, proposal));
  await context.journal.note(incidentId, { at, kind: 'proposed', text: plan.summary }, { proposalId: id });
  if (proposal.state !== 'approved') return;
  const detail = `Approved by the autonomy ladder: ${decision?.note ?? ''}`;
  await context.audit.append(auditOf({ at, what: 'approved', who: decision?.by, detail }, proposal));
  await context.journal.note(incidentId, { at, kind: 'approved', text: detail });
  await context.queue.execute(id);
}
