import type { Origin } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import type { Action } from '../../ops/action.ts';
import { preview } from '../../ops/preview.ts';
import { type Submission, submit } from '../../ops/submit.ts';
import { type Ask, type PlacedCommand, say, type Unclear } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident, type Parameters, readParameters, usageOf } from '../parameters.ts';
import { describeRefusal } from '../sentences.ts';

/** The sub-command of an action. It asks for the action and never approves it: that takes the button. */
export function actionCommand(action: Action): PlacedCommand {
  return {
    id: action.command.name,
    usage: usageOf(action),
    help: action.command.help,
    role: 'operator',
    async prepare(ask, context) {
      const parameters = await readParameters(action, ask, context);
      if ('unclear' in parameters) return parameters;
      return {
        where: [parameters.target.namespace],
        run: async () => say(await carryOut(action, { parameters, ask }, context)),
      };
    },
  };
}

interface Wish {
  readonly parameters: Exclude<Parameters, Unclear>;
  readonly ask: Ask;
}

async function carryOut(action: Action, wish: Wish, context: DeskContext): Promise<string> {
  const refusal = await refuseEarly(action, wish, context);
  return refusal === undefined ? propose(action, wish, context) : describeRefusal(action.title, refusal);
}
type Refused = Exclude<Submission, { readonly proposal: unknown }>;

/** What is refused anyway opens no thread in the channel. */
async function refuseEarly(
  action: Action,
  { parameters: { params, target }, ask }: Wish,
  { ops, registry }: DeskContext,
): Promise<Refused | undefined> {
  const origin = originOf(ask);
  const incidentId = findOpenIncident(await registry.open(), target)?.id;
  const seen = await preview({ action, params, origin, incidentId }, ops);
  if ('refused' in seen) return { ...seen, by: 'plan' };
  const { verdict } = seen.judgement;
  if (verdict.answer !== 'deny') return undefined;
  await ops.audit.append({
    at: ops.clock.now(),
    what: 'denied',
    who: ask.userId,
    subject: refName(target),
    detail: `${action.id}: ${verdict.reason}`,
  });
  const { reason, retryAt } = verdict;
  return { refused: reason, by: 'guardrail', ...(retryAt === undefined ? {} : { retryAt }) };
}

function originOf({ userId: user, groups }: Ask): Origin {
  return { surface: 'slash', user, ...(groups === undefined ? {} : { groups }) };
}

async function propose(
  action: Action,
  { parameters: { params, target }, ask }: Wish,
  { ops, registry }: DeskContext,
): Promise<string> {
  const reason = `<@${ask.userId}> asked for it.`;
  const incident = await registry.request(target, `${action.title} was asked for by <@${ask.userId}>.`);
  const submission = await submit(
    {
      incidentId: incident.id,
      actionId: action.id,
      params,
      reason,
      origin: originOf(ask),
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
