import type { Message } from '../../core/ports/channel.ts';
import type { Storm, StormMember } from '../../core/weather.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatMinute, formatPlainTime, inline, truncate } from '../blocks/mrkdwn.ts';
import { backlogOf, sortMembers } from '../storm.ts';
import type { ThreadEntry } from './turns.ts';
import { count, describeCallee } from './words.ts';

/** Incidents that are named; the others are counted. */
const mostNamed = 10;

const titleLimit = 90;

/** One message for many incidents: how many, where, the worst by name, and what becomes of the others. Edited in place. */
export function renderStorm(storm: Storm, command: string): Message {
  const { members, since } = storm;
  const open = members.filter((member) => member.open).length;
  const headline = `${storm.phase === 'over' ? 'Storm over' : 'Storm'}: ${count(members.length, 'incident')}${places(members)}`;
  const standing = `${open} open${describeSeverities(members)}, ${members.length - open} resolved`;
  const sorted = sortMembers(members);
  const named = sorted.slice(0, mostNamed);
  const more = sorted.length - named.length;
  const lines = [...named.map(describeMember), ...(more > 0 ? [`… and ${more} more.`] : [])];
  const newest = members.toSorted((a, b) => b.joinedAt - a.joinedAt || b.openedAt - a.openedAt)[0];
  const latest = newest === undefined ? '' : `\n*Newest:* ${nameOf(newest)}`;
  const text = `${headline} since ${formatPlainTime(since)}. ${standing}. The worst: ${sorted[0]?.title ?? ''}. Newest: ${newest?.title ?? ''}.`;
  return message(text, [
    header(headline),
    section(`*Since* ${formatMinute(since)} · ${standing}${latest}`),
    section(lines.join('\n')),
    context(
      `${describeFuture(storm)} ${escapeText(command)} incidents lists all, ${escapeText(command)} why explains one.`,
    ),
  ]);
}

/**
 * Who is called while the incidents have no threads of their own. One post for each time that somebody is called, however many incidents it is for:
 * a flood of calls is no better than one of messages.
 */
export function renderStormCalls({ members }: Storm): readonly ThreadEntry[] {
  const rounds = Map.groupBy(members.flatMap(callsOf), ({ key }) => key);
  return [...rounds].map(([key, calls]) => {
    const lines = calls.slice(0, mostNamed).map(({ member }) => describeMember(member));
    const more = calls.length - lines.length;
    const whom = calls.slice(0, 1).map(({ callee }) => describeCallee(callee));
    const what = `for ${count(calls.length, 'incident')} of this storm`;
    const shown = [`*Calling ${whom.join()} ${what}:*`, ...lines, ...(more > 0 ? [`… and ${more} more.`] : [])];
    return { key, message: message(`Somebody is called ${what}.`, [section(shown.join('\n'))]) };
  });
}

/** The calls of one incident, each with a key that says whom and for which time. */
function callsOf(member: StormMember) {
  const { called } = member;
  return called.map((callee, index) => {
    const whom = describeCallee(callee);
    const before = called.slice(0, index).filter((other) => describeCallee(other) === whom).length;
    return { key: `called-${whom.replaceAll(/\W/g, '')}-${before + 1}`, callee, member };
  });
}

function places(members: readonly StormMember[]): string {
  const namespaces = new Set(members.map(({ namespace }) => namespace).filter((name) => name !== ''));
  return namespaces.size === 0 ? '' : ` in ${count(namespaces.size, 'namespace')}`;
}

function describeSeverities(members: readonly StormMember[]): string {
  const critical = members.filter(({ open, severity }) => open && severity === 'critical').length;
  return critical === 0 ? '' : ` (${critical} critical)`;
}

function describeMember(member: StormMember): string {
  const word = member.open ? member.severity.toUpperCase() : 'RESOLVED';
  return `• ${word} ${nameOf(member)}`;
}

function nameOf({ title, link }: StormMember): string {
  const shown = truncate(inline(title), titleLimit);
  return link === undefined ? shown : `<${link}|${shown.replaceAll('|', '/')}>`;
}

function describeFuture(storm: Storm): string {
  const left = backlogOf(storm).length;
  if (storm.phase === 'over') return 'Each has a message of its own or is resolved.';
  if (storm.phase === 'settling')
    return `It calms down. ${left} that are still open get messages of their own, the worst first.`;
  return 'This message stands for all of them. What asks for approval, and what is still open when the storm has passed, gets a message of its own, the worst first.';
}
