import type { Refusal } from '../../core/action.ts';
import type { Policy } from '../../core/policy.ts';
import type { Message } from '../../core/ports/channel.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { formatPlainTime } from '../../notifications/blocks/mrkdwn.ts';
import { type GuardrailLine, reportGuardrails } from '../../notifications/reports/commands.ts';
import type { Action } from '../../ops/action.ts';
import { actions } from '../../ops/actions/index.ts';
import { guardrails as rails } from '../../ops/guardrails/index.ts';
import type { Judgement } from '../../ops/judge.ts';
import { preview } from '../../ops/preview.ts';
import { type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident } from '../parameters.ts';
import { findTarget } from '../target.ts';

export const guardrails: Command = {
  id: 'guardrails',
  usage: '[workload]',
  help: 'What keeps Lifeguard from doing harm; with a workload, what it may do there alone now, and why not.',
  role: 'viewer',
  async run({ words: [word], incident }, context) {
    if (word === undefined) {
      return incident === undefined ? reportPromises(context.ops.policy) : reportProspects(incident.subject, context);
    }
    const target = await findTarget(word, context);
    return 'unclear' in target ? say(target.unclear) : reportProspects(target.ref, context);
  },
};

function reportPromises(policy: Policy): Message {
  return reportGuardrails('Guardrails', describePolicy(policy), rails);
}

function describePolicy({ autonomy, rules, attempts, budget, bounds, storm, ...policy }: Policy): readonly string[] {
  const minutes = (ms: number) => `${Math.round(ms / 60_000)} min`;
  return [
    `autonomy: ${autonomy}`,
    ...rules.map((rule) => `${rule.actions.join(', ')} in ${rule.namespaces.join(', ')}: ${rule.autonomy}`),
    `never touched: ${policy.protectedNamespaces.join(', ') || 'nothing'}`,
    `at most ${attempts.max} attempts per workload and cause in ${minutes(attempts.windowMs)}`,
    `at most ${budget.namespace} actions per namespace and ${budget.cluster} in all in ${minutes(budget.windowMs)}`,
    `at most ${bounds.replicas} replicas, ${bounds.cpu} cores and ${(bounds.memory / 2 ** 30).toFixed(1)} GiB of memory`,
    `nothing alone while more than ${storm.incidents} incidents are open`,
    `approvals expire after ${minutes(policy.approvalExpiresMs)}`,
  ];
}

/** What would happen if Lifeguard wanted each action by itself, as the guardrails see it now. Nothing is written. */
async function reportProspects(ref: ResourceRef, { ops, registry }: DeskContext): Promise<Message> {
  const incidentId = findOpenIncident(await registry.open(), ref)?.id;
  const { uid, ...identity } = ref;
  const params = { target: uid === undefined ? identity : { ...identity, uid } };
  const lines: GuardrailLine[] = [];
  for (const action of actions.filter(
    ({ targets = [] }: Action) => targets.length === 0 || targets.some((kind) => kind === ref.kind),
  )) {
    const seen = await preview({ action, params, origin: { surface: 'auto' }, incidentId }, ops);
    const verdict = describeProspect('refused' in seen ? seen : seen.judgement);
    lines.push({ id: action.title, promise: action.command.help, verdict });
  }
  return reportGuardrails(`What Lifeguard may do alone to ${refName(ref)} now`, [], lines);
}

function describeProspect(outcome: Refusal | Judgement): string {
  if ('refused' in outcome) return `cannot be done. ${outcome.refused}`;
  const { verdict, rulings } = outcome;
  if (verdict.answer === 'allow') return `allowed. ${verdict.reason}`;
  const reasons = rulings.filter((ruling) => ruling.verdict.answer === verdict.answer).map((one) => one.verdict.reason);
  if (verdict.answer === 'needs-approval') return `needs a person. ${reasons.join(' ')}`;
  const again = verdict.retryAt === undefined ? '' : ` Looked at again at ${formatPlainTime(verdict.retryAt)}.`;
  return `denied. ${reasons.join(' ')}${again}`;
}
