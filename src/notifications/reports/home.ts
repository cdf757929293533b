import type { KnownBlock } from '@slack/types';
import type { Execution } from '../../core/execution.ts';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import { actions, button, header, message, section } from '../blocks/blocks.ts';
import { formatDuration, formatMinute, inline, truncate } from '../blocks/mrkdwn.ts';
import { reportStatus, type StatusFacts } from './commands.ts';

export interface HomeFacts extends StatusFacts {
  /** The latest that are over. */
  readonly recent: readonly Incident[];
  /** Incident -> where its message is. */
  readonly links: ReadonlyMap<string, string>;
  /** What waits for this person's decision. */
  readonly approvals: readonly Proposal[];
  /** What Lifeguard did lately by itself, and what people had approved; newest first. */
  readonly automatic: readonly Execution[];
  readonly approved: readonly Execution[];
  /** Whether this person may engage and release the kill switch. */
  readonly mayPause: boolean;
}

const mostListed = 8;
const titleLimit = 110;

/** The blocks of App Home: is all well, what is open, what waits for you, what was done, and the switch that stops everything. */
export function reportHome(facts: HomeFacts): Message {
  const status = reportStatus(facts);
  const { open, recent, approvals, automatic, approved, now } = facts;
  const blocks: readonly KnownBlock[] = [
    ...switchBlocks(facts),
    ...list('Waiting for you', approvals, (proposal) => describeApproval(proposal, facts)),
    ...list('Open incidents', open, (incident) => describeIncident(incident, facts)),
    ...list('Last automatic actions', automatic, (execution) => describeExecution(execution, now)),
    ...list('Done lately after approval', approved, (execution) => describeExecution(execution, now)),
    ...(open.length > 0 ? [] : list('Over lately', recent, (incident) => describeIncident(incident, facts))),
  ];
  return { text: status.text, blocks: [...status.blocks, ...message('', blocks).blocks] };
}

function list<T>(label: string, items: readonly T[], describe: (item: T) => string): KnownBlock[] {
  if (items.length === 0) return [];
  const lines = items.slice(0, mostListed).map((item) => `• ${describe(item)}`);
  const more = items.length - lines.length;
  return [header(label), section([...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'))];
}

function describeIncident(incident: Incident, { links, now }: HomeFacts): string {
  const { id, title, severity, state, openedAt, resolvedAt = openedAt } = incident;
  const over = `over for ${formatDuration(now - resolvedAt)}`;
  const age = state === 'resolved' ? over : `open for ${formatDuration(now - openedAt)}`;
  return `${severity.toUpperCase()} ${linked(title, links.get(id))} (${age}) _${id}_`;
}

function describeApproval({ incidentId, plan, expiresAt }: Proposal, { links }: HomeFacts): string {
  return `${linked(plan.summary, links.get(incidentId))} until ${formatMinute(expiresAt)}`;
}

function describeExecution({ plan, phase, startedAt }: Execution, now: number): string {
  const what = plan === undefined ? 'A change' : `${plan.summary} (${refName(plan.target)})`;
  return `${truncate(inline(what), titleLimit)}: ${phase}, ${formatDuration(now - startedAt)} ago`;
}

function linked(text: string, link: string | undefined): string {
  const shown = truncate(inline(text), titleLimit);
  return link === undefined ? shown : `<${link}|${shown.replaceAll('|', '/')}>`;
}

function switchBlocks({ killSwitch, mayPause }: HomeFacts): KnownBlock[] {
  if (!mayPause || killSwitch === undefined) return [];
  const { engaged } = killSwitch;
  const label = engaged ? 'Resume' : 'Pause';
  const text = engaged
    ? 'Lifeguard may act again, within its guardrails.'
    : 'Lifeguard goes on watching and changes nothing.';
  return [
    actions('home-switch', [
      button({
        action: 'home:switch',
        label,
        spoken: engaged ? 'Release the kill switch' : 'Engage the kill switch',
        value: engaged ? 'resume' : 'pause',
        ...(engaged ? {} : { style: 'danger' as const }),
        confirm: { title: `${label}?`, text, yes: label },
      }),
    ]),
  ];
}
