import type { KnownBlock } from '@slack/types';
import type { Policy } from '../../core/policy.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { KillSwitch } from '../../core/ports/controls.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatTime, inline, truncate } from '../blocks/mrkdwn.ts';
import { describeKillSwitch } from './commands.ts';

/** What is answered about one action: Lifeguard does it alone, does it when a person says yes, does not do it, or there is nothing to do. */
export interface Prospect {
  readonly title: string;
  /** How it is asked for: `restart <workload>`. */
  readonly words: string;
  readonly answer: 'alone' | 'asked' | 'denied' | 'impossible';
  readonly reasons: readonly string[];
  /** When the guardrails may say something else, epoch milliseconds. */
  readonly againAt: number | undefined;
  /** False where it depends on how much is asked for, too. */
  readonly planned: boolean;
}

const answers: Readonly<Record<Prospect['answer'], string>> = {
  alone: 'Lifeguard may do it by itself now.',
  asked: 'When somebody asks and an approver agrees; Lifeguard does not begin it:',
  denied: 'Denied, whoever asks:',
  impossible: 'Cannot be done now:',
};

/** Characters of the reasons of one action. */
const reasonLimit = 700;

export function reportProspects(name: string, prospects: readonly Prospect[]): Message {
  const title = `What may be done to ${name} now`;
  if (prospects.length === 0) return message(`${title}: nothing.`, [section(`*${inline(title)}:* nothing.`)]);
  return message(`${title}. ${prospects.map(({ title: what, answer }) => `${what}: ${plain[answer]}`).join('; ')}.`, [
    header(title),
    ...prospects.map((prospect) => section(describeProspect(prospect))),
  ]);
}

const plain: Readonly<Record<Prospect['answer'], string>> = {
  alone: 'alone',
  asked: 'on request',
  denied: 'denied',
  impossible: 'not possible',
};

function describeProspect({ title, words, answer, reasons, againAt, planned }: Prospect): string {
  const again = againAt === undefined ? '' : ` Looked at again ${formatTime(againAt)}.`;
  const open = planned ? '' : ' How much is judged, too, once it is said.';
  const why = truncate(inline(reasons.join(' ')), reasonLimit);
  return `*${inline(title)}* \`${inline(words)}\`\n*${answers[answer]}* ${why}${again}${open}`;
}

interface Freeze {
  readonly namespaces: readonly string[];
  /** A cron pattern. */
  readonly schedule: string;
  readonly durationMs: number;
  readonly timezone: string;
  readonly reason: string;
  /** Until when it holds; undefined where it does not hold now. */
  readonly until: number | undefined;
}

export interface PolicyFacts {
  readonly policy: Policy;
  /** Undefined where it cannot be read. */
  readonly killSwitch: KillSwitch | undefined;
  readonly freezes: readonly Freeze[];
  /** Actions within the budget's window, by namespace; undefined where that cannot be read. */
  readonly spent: Readonly<Record<string, number>> | undefined;
  readonly promises: readonly { readonly id: string; readonly promise: string }[];
}

/** What keeps Lifeguard from doing harm: what holds now, what is configured, and what each guardrail promises. */
export function reportPolicy(facts: PolicyFacts): Message {
  const { killSwitch, policy, promises } = facts;
  const now = [describeKillSwitch(killSwitch), describeBudget(facts), ...facts.freezes.map(describeFreeze)];
  const rails = promises.map(({ id, promise }) => `• *${id}*: ${escapeText(promise)}`);
  const blocks: KnownBlock[] = [
    header('Guardrails'),
    section(now.join('\n')),
    section(describePolicy(policy).map(bullet).join('\n')),
    section(rails.join('\n')),
    context('Name a workload, node or other object to see what may be done to it now, and why not.'),
  ];
  return message(`Guardrails: ${promises.map(({ id }) => id).join(', ')}.`, blocks);
}

function bullet(text: string): string {
  return `• ${escapeText(text)}`;
}

function describeBudget({ policy: { budget }, spent }: PolicyFacts): string {
  if (spent === undefined) return ':warning: What is left of the action budget cannot be read, so a person is asked.';
  const used = Object.values(spent).reduce((sum, count) => sum + count, 0);
  const busiest = Object.entries(spent)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([namespace, count]) => `${inline(namespace || 'no namespace')} ${Math.max(0, budget.namespace - count)}`);
  const rest = busiest.length === 0 ? '' : ` (left in ${busiest.join(', ')} of ${budget.namespace} each)`;
  return `Actions left for the next ${minutes(budget.windowMs)}: ${Math.max(0, budget.cluster - used)} of ${budget.cluster}${rest}.`;
}

function describeFreeze({ namespaces, schedule, durationMs, timezone, reason, until }: Freeze): string {
  const when = `\`${inline(schedule)}\` (${inline(timezone)}) for ${minutes(durationMs)}`;
  const holds = until === undefined ? '' : `, *now, until ${formatTime(until)}*`;
  return `Freeze in ${inline(namespaces.join(', '))}: ${when}${holds}: ${inline(reason)}.`;
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}

const gib = (bytes: number): string => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;

function describePolicy({ autonomy, rules, attempts, budget, bounds, storm, ...policy }: Policy): readonly string[] {
  const { byRequester, twoPersons } = policy.approval;
  const pairs = [...twoPersons.namespaces, ...twoPersons.risks.map((risk) => `${risk} risk`)];
  return [
    `autonomy: ${autonomy}; alone only up to ${policy.maxAutoRisk} risk`,
    ...rules.map((rule) => `${rule.actions.join(', ')} in ${rule.namespaces.join(', ')}: ${rule.autonomy}`),
    `never touched: ${policy.protectedNamespaces.join(', ') || 'nothing'}`,
    `two people for: ${pairs.join(', ') || 'nothing'}; whoever asked ${byRequester ? 'may' : 'may not'} approve it`,
    `at most ${attempts.max} attempts per workload and cause in ${minutes(attempts.windowMs)}`,
    `at most ${budget.namespace} actions per namespace and ${budget.cluster} in all in ${minutes(budget.windowMs)}`,
    `at most ${bounds.replicas} replicas; ${bounds.cpu} cores and ${gib(bounds.memory)} of memory for a container; ${gib(bounds.storage)} for a volume`,
    `memory raised alone at most ${bounds.memoryRaises} times; at most ${Math.round(bounds.nodesOut * 100)} % of the nodes out of service`,
    `nothing alone while more than ${storm.incidents} incidents are open`,
    `approvals expire after ${minutes(policy.approvalExpiresMs)}`,
  ];
}
