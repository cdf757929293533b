import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import type { Action } from '../../ops/action.ts';
import { auditOf } from '../../ops/audit-of.ts';
import { preview } from '../../ops/preview.ts';
import { type Submission, submit } from '../../ops/submit.ts';
import { type Ask, type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident, type Parameters, readParameters, usageOf } from '../parameters.ts';
import { describeRefusal } from '../sentences.ts';

/** The sub-command of an action. It asks for the action and never approves it: that takes the button. */
export function actionCommand(action: Action): Command {
  return {
    id: action.command.name,
    usage: usageOf(action),
    help: action.command.help,
    role: 'operator',
    async run(ask, context) {
      const parameters = await readParameters(action, ask, context);
      if ('unclear' in parameters) return say(parameters.unclear);
      const refusal = await refuseEarly(action, { parameters, ask }, context);
      if (refusal !== undefined) return say(describeRefusal(action.title, refusal));
      return say(await propose(action, { parameters, ask }, context));
    },
  };
}

interface Wish {
  readonly parameters: Exclude<Parameters, { readonly unclear: string }>;
  readonly ask: Ask;
}

type Refused = Exclude<Submission, { readonly proposal: unknown }>;

/** What is refused anyway opens no thread in the channel. */
async function refuseEarly(
  action: Action,
  { parameters: { params, target }, ask }: Wish,
  { ops, registry }: DeskContext,
): Promise<Refused | undefined> {
  const origin = { surface: 'slash' as const, user: ask.userId };
  const incidentId = findOpenIncident(await registry.open(), target)?.id;
  const seen = await preview({ action, params, origin, incidentId }, ops);
  if ('refused' in seen) return { ...seen, by: 'plan' };
  const { plan, judgement } = seen;
  const { verdict } = judgement;
  if (verdict.answer !== 'deny') return undefined;
  const asked = { plan, origin, incidentId, reason: reasonOf(ask), rulings: [...judgement.rulings] };
  const detail = `${action.id}: ${verdict.reason}`;
  await ops.audit.append(auditOf({ at: ops.clock.now(), what: 'denied', detail }, asked));
  const { reason, retryAt } = verdict;
  return { refused: reason, by: 'guardrail', ...(retryAt === undefined ? {} : { retryAt }) };
}

function reasonOf({ userId }: Ask): string {
  return `<@${userId}> asked for it.`;
}

async function propose(
  action: Action,
  { parameters: { params, target }, ask }: Wish,
  { ops, registry }: DeskContext,
): Promise<string> {
  const reason = reasonOf(ask);
  const incident = await registry.request(target, `${action.title} was asked for by <@${ask.userId}>.`);
  const submission = await submit(
    {
      incidentId: incident.id,
      actionId: action.id,
      params,
      reason,
      origin: { surface: 'slash', user: ask.userId },
    },
    ops,
  );
  if ('refused' in submission) {
    const at = ops.clock.now();
    const empty = incident.finding === undefined && incident.proposalIds.length === 0;
    if (empty) await registry.note(incident.id, { at, kind: 'refused', text: submission.refused }, { resolved: true });
    return describeRefusal(action.title, submission);
  }
  const { proposal } = submission;
  const summary = escapeText(proposal.plan.summary);
  if (proposal.state === 'approved') return `On it: ${summary} The steps follow in the thread of ${incident.id}.`;
  return `Proposed: ${summary} Nothing happens until somebody with the approver role presses *Approve* on the card of ${incident.id}.`;
}
