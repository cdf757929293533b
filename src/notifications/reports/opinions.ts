import type { Evidence } from '../../core/evidence.ts';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, fence, inline, truncate } from '../blocks/mrkdwn.ts';

interface OpinionsFacts {
  readonly incident: Incident;
  readonly opinions: readonly Evidence[];
  /** Why others said nothing. */
  readonly silent: readonly string[];
}

/** Characters of one opinion. */
const opinionLimit = 2_400;

/** What other systems think of an incident: quoted, so that nothing in it is live. */
export function reportOpinions({ incident, opinions, silent }: OpinionsFacts): Message {
  const said = opinions.map(({ id, source, text }) =>
    section(`*${inline(id)} · ${truncate(inline(source), 200)}*\n${fence(text, opinionLimit)}`),
  );
  const quiet =
    silent.length === 0
      ? []
      : [section(truncate(silent.map((one) => `• ${escapeText(one)}`).join('\n'), opinionLimit))];
  const plain =
    opinions.length === 0
      ? 'Nobody gave a second opinion'
      : `Second opinions: ${opinions.map(({ source }) => source).join('; ')}`;
  return message(`${plain} on ${incident.title}.`, [
    ...said,
    ...quiet,
    context('Opinions of other systems: not checked, no evidence of a cause, and never acted on.'),
  ]);
}
