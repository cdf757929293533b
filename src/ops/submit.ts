import type { Plan, Refusal } from '../core/action.ts';
import type { Json } from '../core/json.ts';
import type { Origin, Proposal } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import { findAction } from './actions/index.ts';
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
    await context.audit.append({
      at: context.clock.now(),
      what: 'denied',
      who: asker(request.origin),
      subject: refKey(plan.target),
      detail: `${request.actionId}: ${verdict.reason}`,
    });
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
  const { id, plan, incidentId, createdAt: at, origin } = proposal;
  // One of this id is this very proposal, made by somebody else just now.
  if (!(await context.proposals.create(proposal))) return;
  await context.audit.append({
    at,
    what: 'proposed',
    who: asker(origin),
    subject: refKey(plan.target),
    detail: plan.summary,
    why: proposal.reason,
    surface: origin.surface,
    verdicts: proposal.rulings.map(({ guardrail, verdict }) => `${guardrail}: ${verdict.answer} (${verdict.reason})`),
    diff: plan.diff,
  });
  await context.journal.note(incidentId, { at, kind: 'proposed', text: plan.summary }, { proposalId: id });
  if (proposal.state !== 'approved') return;
  await context.journal.note(incidentId, {
    at,
    kind: 'approved',
    text: `Approved by the autonomy ladder: ${proposal.decision?.note ?? ''}`,
  });
  await context.queue.execute(id);
}

function asker(origin: Origin): string {
  return origin.user ?? 'lifeguard';
}
