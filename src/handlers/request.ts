import { incidentIdOf } from '../core/incident.ts';
import type { Json } from '../core/json.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import { escapeText } from '../notifications/blocks/mrkdwn.ts';
import type { Action } from '../ops/action.ts';
import { auditOf } from '../ops/audit-of.ts';
import { preview } from '../ops/preview.ts';
import { type Refused, submit } from '../ops/submit.ts';
import type { DeskContext } from './context.ts';
import { findOpenIncident } from './parameters.ts';
import { describeRefusal } from './sentences.ts';

/** An action that a person asks for, with its parameters. */
export interface Wish {
  readonly action: Action;
  readonly params: Json;
  readonly target: ResourceRef;
  readonly origin: {
    readonly surface: 'slash' | 'button';
    readonly user: string;
    readonly groups?: readonly string[] | undefined;
  };
  /** The incident it was asked for in; otherwise the one that the target is, the open one about it, or a new one. */
  readonly incidentId?: string | undefined;
}

/** Who it was stands beside it, from the proposal's origin. */
const askedReason = 'It was asked for in Slack.';

/** Asks for the action and never approves it: that takes the button. Answers with what came of it. */
export async function request(asked: Wish, context: DeskContext): Promise<string> {
  const wish = { ...asked, incidentId: asked.incidentId ?? incidentIdOf(asked.target) };
  const refusal = wish.incidentId === undefined ? await refuseEarly(wish, context) : undefined;
  return refusal === undefined ? await propose(wish, context) : describeRefusal(wish.action.title, refusal);
}

/** What is refused anyway opens no thread in the channel. */
async function refuseEarly(
  { action, params, target, origin }: Wish,
  { ops, registry }: DeskContext,
): Promise<Refused | undefined> {
  const incidentId = findOpenIncident(await registry.open(), target)?.id;
  const seen = await preview({ action, params, origin, incidentId }, ops);
  if ('refused' in seen) return { ...seen, by: 'plan' };
  const { plan, judgement } = seen;
  const { verdict, rulings } = judgement;
  if (verdict.answer !== 'deny') return undefined;
  const asked = { plan, origin, incidentId, reason: askedReason, rulings: [...rulings] };
  const detail = `${action.id}: ${verdict.reason}`;
  await ops.audit.append(auditOf({ at: ops.clock.now(), what: 'denied', detail }, asked));
  const { reason, retryAt } = verdict;
  return { refused: reason, by: 'guardrail', ...(retryAt === undefined ? {} : { retryAt }) };
}

async function propose(wish: Wish, context: DeskContext): Promise<string> {
  const { action, params, origin } = wish;
  const { ops, registry } = context;
  const incidentId = wish.incidentId ?? (await openIncident(wish, context));
  const submission = await submit({ incidentId, actionId: action.id, params, reason: askedReason, origin }, ops);
  if ('refused' in submission) {
    const at = ops.clock.now();
    const incident = await ops.incidents.get(incidentId);
    const empty = incident?.finding === undefined && incident?.proposalIds.length === 0;
    if (empty) await registry.note(incidentId, { at, kind: 'refused', text: submission.refused }, { resolved: true });
    return describeRefusal(action.title, submission);
  }
  const { proposal } = submission;
  const summary = escapeText(proposal.plan.summary);
  if (proposal.state === 'approved') return `On it: ${summary} The steps follow in the thread of ${incidentId}.`;
  return `Proposed: ${summary} Nothing happens until somebody with the approver role presses *Approve* on the card of ${incidentId}.`;
}

async function openIncident({ action, target }: Wish, { registry }: DeskContext): Promise<string> {
  return (await registry.request(target, `${action.title} was asked for in Slack.`)).id;
}
