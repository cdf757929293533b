import { refName } from '../../core/resource-ref.ts';
import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import { type Ask, type Command, say } from '../command.ts';
import type { DeskContext, Silencing } from '../context.ts';
import { findIncident } from '../named-incident.ts';
import { notConfigured } from './silence.ts';

export const unsilence: Command = {
  id: 'unsilence',
  usage: '<incident>',
  help: "Lift the silences that were set for an incident's alerts.",
  role: 'operator',
  async run(ask, context) {
    if (context.silencing === undefined) return say(notConfigured);
    return say(await liftSilences(ask, context.silencing, context));
  },
};

async function liftSilences(ask: Ask, { alertmanager }: Silencing, context: DeskContext): Promise<string> {
  const { ops, registry, commandName } = context;
  const named = await findIncident(ask, context);
  if ('unclear' in named || named.words.length > 0) return `Type \`${commandName} unsilence <incident>\`.`;
  const { incident } = named;
  const at = ops.clock.now();
  const lasting = incident.silences.filter(({ until }) => until > at);
  if (lasting.length === 0) return `No alert of ${incident.id} is silenced from here.`;
  for (const { id, name } of lasting) {
    await alertmanager.lift(id);
    const text = `alert ${name} is no longer silenced.`;
    await registry.note(incident.id, { at, kind: 'unsilenced', text }, { unsilenced: id });
    await ops.audit.append({
      at,
      what: 'unsilenced',
      who: ask.userId,
      surface: 'slash',
      subject: refName(incident.subject),
      detail: text,
    });
  }
  return `Lifted: ${escapeText(lasting.map(({ name }) => name).join(', '))} may notify again.`;
}
