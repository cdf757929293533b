import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatDuration, inline, truncate } from '../blocks/mrkdwn.ts';

export interface DigestFacts {
  readonly cluster: string;
  /** Of the time summed up, and those still open; newest first. */
  readonly incidents: readonly Incident[];
  /** Epoch milliseconds: from when to when. */
  readonly from: number;
  readonly to: number;
}

const mostNamed = 5;

/** One message that sums up a day: what opened, ended, healed and is left. */
export function renderDigest({ cluster, incidents, from, to }: DigestFacts): Message {
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
