import type { Message } from '../../core/ports/channel.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, inline, truncate } from '../blocks/mrkdwn.ts';
import type { Snapshot } from './snapshot.ts';
import { describeStatus } from './status.ts';

const causeLimit = 400;

/** What another channel is told of an incident: where it stands, and where its thread is. Edited in place. */
export function renderCall(snapshot: Snapshot, link: string | undefined): Message {
  const { incident } = snapshot;
  const status = describeStatus(snapshot);
  const word = incident.state === 'resolved' ? 'RESOLVED' : incident.severity.toUpperCase();
  const title = truncate(inline(incident.title), 120);
  const shown = link === undefined ? title : `<${link}|${title.replaceAll('|', '/')}>`;
  return message(`${word}: ${incident.title} in cluster ${incident.cluster}. ${status.plain}.`, [
    section(`*[${word}] ${shown}*\n${status.rich}\n${truncate(escapeText(incident.cause), causeLimit)}`),
    context(`${escapeText(incident.id)} · it is told in <#${incident.channel}>`),
  ]);
}
