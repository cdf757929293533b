import type { Execution } from '../../core/execution.ts';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatDuration, inline, truncate } from '../blocks/mrkdwn.ts';
import { count } from './words.ts';

export interface DigestFacts {
  readonly cluster: string;
  /** Of the time summed up, and those still open; newest first. */
  readonly incidents: readonly Incident[];
  /** What was proposed and done in that time, and more. */
  readonly proposals: readonly Proposal[];
  readonly executions: readonly Execution[];
  /** Epoch milliseconds: from when to when. */
  readonly from: number;
  readonly to: number;
}

const mostNamed = 5;

/** One message that sums up a day: what opened, ended, healed and is left, what was done and who was called. */
export function renderDigest(digest: DigestFacts): Message {
  const { cluster, incidents, from, to } = digest;
  const opened = incidents.filter(({ openedAt }) => openedAt >= from && openedAt < to);
  const ended = incidents.filter(
    ({ resolvedAt = 0, mergedInto }) => resolvedAt >= from && resolvedAt < to && mergedInto === undefined,
  );
  const healed = ended.filter(({ timeline }) => timeline.some(({ kind }) => kind === 'proven'));
  const open = incidents.filter(({ state }) => state === 'open');
  const quiet = opened.filter(({ attention }) => attention.quiet);
  const facts = [
    `*Opened:* ${opened.length}${describeSeverities(opened)}`,
    `*Ended:* ${ended.length}, of which ${healed.length} healed and proven${describeMedian(ended)}`,
    `*Open now:* ${open.length}`,
    `*Actions:* ${describeDeeds(digest)}`,
    `*People:* ${describePeople(digest)}`,
    ...(quiet.length === 0 ? [] : [`*During maintenance:* ${quiet.length}, told to nobody`]),
  ];
  const blocks = [
    header(`The last ${formatDuration(to - from)} of ${cluster}`),
    section(facts.join('\n')),
    ...list(
      'Still open',
      open.toSorted((a, b) => a.openedAt - b.openedAt),
      to,
    ),
    ...list('Came back most often', restless(incidents), to),
    context(`${escapeText(cluster)} · Lifeguard's daily digest`),
  ];
  const text = `The last ${formatDuration(to - from)} of ${cluster}: ${opened.length} incidents opened, ${ended.length} ended, ${open.length} are open.`;
  return message(text, blocks);
}

function describeDeeds({ proposals, executions, from, to }: DigestFacts): string {
  const run = executions.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const tried = run.filter(({ phase }) => phase !== 'refused');
  const denied = proposals.filter(({ state, createdAt }) => state === 'denied' && createdAt >= from && createdAt < to);
  const refused = new Set([...run.filter(({ phase }) => phase === 'refused'), ...denied].map(({ id }) => id));
  const ownIds = new Set(proposals.filter(({ decision }) => decision?.by === 'lifeguard').map(({ id }) => id));
  const own = tried.filter(({ id }) => ownIds.has(id)).length;
  const ends = (['proven', 'undone', 'unproven'] as const).map(
    (phase) => `${tried.filter((one) => one.phase === phase).length} ${phase}`,
  );
  return `${tried.length} tried (${own} automatic): ${ends.join(', ')}; ${refused.size} refused`;
}

function describePeople({ incidents, proposals, from, to }: DigestFacts): string {
  const within = (at = 0): boolean => at >= from && at < to;
  const calls = incidents.flatMap(({ timeline }) => timeline.filter(({ kind, at }) => kind === 'called' && within(at)));
  const decided = proposals.filter(({ decision }) => within(decision?.at) && decision?.by !== 'lifeguard');
  const rejected = decided.filter(({ state }) => state === 'rejected').length;
  const expired = proposals.filter(({ state, expiresAt }) => state === 'expired' && within(expiresAt)).length;
  const answers = `${decided.length - rejected} approved, ${rejected} rejected, ${expired} not decided`;
  return `called ${count(calls.length, 'time')}; proposals: ${answers}`;
}

function describeSeverities(incidents: readonly Incident[]): string {
  const critical = incidents.filter(({ severity }) => severity === 'critical').length;
  return critical === 0 ? '' : ` (${critical} critical)`;
}

function describeMedian(ended: readonly Incident[]): string {
  const times = ended.map(({ openedAt, resolvedAt = openedAt }) => resolvedAt - openedAt).toSorted((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  return middle === undefined ? '' : `; open for ${formatDuration(middle)} (median)`;
}

function restless(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.filter(({ reopened }) => reopened > 1).toSorted((a, b) => b.reopened - a.reopened);
}

function list(label: string, incidents: readonly Incident[], now: number) {
  if (incidents.length === 0) return [];
  const lines = incidents.slice(0, mostNamed).map(({ id, title, openedAt, reopened }) => {
    const again = reopened === 0 ? '' : `, reopened ${reopened}x`;
    return `• ${truncate(inline(title), 120)} (${formatDuration(now - openedAt)}${again}) _${id}_`;
  });
  const more = incidents.length - lines.length;
  return [section([`*${label}:*`, ...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'))];
}
