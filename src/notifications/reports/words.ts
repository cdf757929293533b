import type { Callee } from '../../core/attention.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import { formatGroup, formatPerson, formatPlainTime, formatTime } from '../blocks/mrkdwn.ts';

/** The same words for the eye (mrkdwn) and for the ear (plain). */
export interface Words {
  readonly rich: string;
  readonly plain: string;
}

/** When the guardrails are asked again after a denial, with a space before it; empty where only people can change it. */
export function describeNextAsking({ askedAgainAt: at }: Pick<TimelineEntry, 'askedAgainAt'>): Words {
  if (at === undefined) return bothWays('');
  return { rich: ` Looked at again at ${formatTime(at)}.`, plain: ` Looked at again at ${formatPlainTime(at)}.` };
}

/** A call: people in Slack are notified by it. */
export function describeCallee(callee: Callee): string {
  if ('group' in callee) return formatGroup(callee.group);
  if ('user' in callee) return formatPerson(callee.user);
  return 'channel' in callee ? `<#${callee.channel}>` : 'the pager';
}

/** What a person would do next, the most telling first; empty where nothing is known. */
export function adviceOf({ finding }: Pick<Incident, 'finding'>): readonly string[] {
  return finding?.next?.split('\n') ?? [];
}

/** Words of ours that are the same for both. */
export function bothWays(text: string): Words {
  return { rich: text, plain: text };
}

/** `1 pod`, `40 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
