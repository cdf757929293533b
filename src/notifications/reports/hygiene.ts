import type { HygieneResult } from '../../core/hygiene.ts';
import type { Message } from '../../core/ports/channel.ts';
import { refName } from '../../core/resource-ref.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, inline, truncate } from '../blocks/mrkdwn.ts';

/** Named of each; the rest are counted. */
const mostNamed = 8;
const lineLimit = 160;

/** What breaks nothing today and should be tidied. */
export function renderHygiene(cluster: string, results: readonly HygieneResult[]): Message {
  const untidy = results.filter(({ found = [] }) => found.length > 0);
  const unread = results.filter(({ found }) => found === undefined);
  const total = untidy.reduce((sum, { found = [] }) => sum + found.length, 0);
  const summary =
    total === 0
      ? `Nothing to tidy in ${cluster}.`
      : `${total} things to tidy in ${cluster}: ${untidy.map(({ title, found = [] }) => `${title} (${found.length})`).join(', ')}.`;
  return message(summary, [
    header(`Hygiene of ${cluster}`),
    ...(untidy.length === 0 ? [section('Nothing to tidy.')] : untidy.map(renderResult)),
    ...unread.map(({ title }) => context(`Not looked at, because the right to read it is missing: ${title}.`)),
    context(`${escapeText(cluster)} · Lifeguard's weekly hygiene report. None of this is an incident.`),
  ]);
}

function renderResult({ title, why, found = [] }: HygieneResult) {
  const lines = found.slice(0, mostNamed).map(({ subject, detail }) => {
    const what = `${subject.kind} ${refName(subject)}`;
    return `• ${truncate(inline(detail === '' ? what : `${what}: ${detail}`), lineLimit)}`;
  });
  const more = found.length - lines.length;
  const first = `*${title.charAt(0).toUpperCase()}${title.slice(1)}* (${found.length})\n${why}`;
  return section([first, ...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'));
}
