import type { Refusal } from '../../core/action.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { actions } from '../../ops/actions/index.ts';
import { guardrails as rails } from '../../ops/guardrails/index.ts';
import type { Judgement } from '../../ops/judge.ts';
import { type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident } from '../parameters.ts';
import { preview } from '../preview.ts';
import { escapeText, timeOf } from '../sentences.ts';
import { findTarget } from '../target.ts';

export const guardrails: Command = {
  id: 'guardrails',
  usage: '[workload]',
  help: 'What keeps Lifeguard from doing harm; with a workload, what it may do there now and why not.',
  role: 'viewer',
  async run({ words, incident }, context) {
    const [word] = words;
    if (word === undefined && incident === undefined) return say(describePromises(context));
    const target = word === undefined ? { ref: incident?.subject } : await findTarget(word, context);
    if ('unclear' in target) return say(target.unclear);
    if (target.ref === undefined) return say(describePromises(context));
    const prospects = await readProspects(target.ref, context);
    return say(
      [`What Lifeguard may do alone to ${refName(target.ref)} now:`, ...prospects.map(describeProspect)].join('\n'),
    );
  },
};

interface Prospect {
  readonly title: string;
  readonly outcome: Refusal | Judgement;
}

async function readProspects(ref: ResourceRef, { ops, registry }: DeskContext): Promise<readonly Prospect[]> {
  const incidentId = findOpenIncident(await registry.open(), ref)?.id;
  const { uid, ...identity } = ref;
  const target = uid === undefined ? identity : { ...identity, uid };
  const prospects: Prospect[] = [];
  for (const action of actions) {
    const seen = await preview({ action, params: { target }, origin: { surface: 'auto' }, incidentId }, ops);
    prospects.push({ title: action.title, outcome: 'refused' in seen ? seen : seen.judgement });
  }
  return prospects;
}

function describePromises({ ops }: DeskContext): string {
  return [
    `Lifeguard's autonomy is *${ops.policy.autonomy}* where no rule says otherwise.`,
    ...rails.map((rail) => `• *${rail.id}*: ${rail.promise}`),
  ].join('\n');
}

function describeProspect({ title, outcome }: Prospect): string {
  if ('refused' in outcome) return `• *${title}*: cannot be done. ${escapeText(outcome.refused)}`;
  const { verdict } = outcome;
  if (verdict.answer === 'allow') return `• *${title}*: allowed. ${escapeText(verdict.reason)}`;
  if (verdict.answer === 'needs-approval') return `• *${title}*: needs a person. ${escapeText(verdict.reason)}`;
  const again = verdict.retryAt === undefined ? '' : ` Looked at again at ${timeOf(verdict.retryAt)}.`;
  return `• *${title}*: denied. ${escapeText(verdict.reason)}${again}`;
}
