import type { Incident } from '../../core/incident.ts';
import { refName } from '../../core/resource-ref.ts';
import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import { type PlacedCommand, say } from '../command.ts';
import type { DeskContext, Silencing } from '../context.ts';
import { namespacesOf } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';
import { notConfigured } from './silence.ts';

export const unsilence: PlacedCommand = {
  id: 'unsilence',
  usage: '<incident>',
  help: "Lift the silences that were set for an incident's alerts.",
  role: 'operator',
  async prepare(ask, context) {
    const { silencing } = context;
    if (silencing === undefined) return { unclear: notConfigured };
    const named = await findIncident(ask, context);
    if ('unclear' in named || named.words.length > 0)
      return { unclear: `Type \`${context.commandName} unsilence <incident>\`.` };
    const wish = { incident: named.incident, userId: ask.userId };
    return {
      where: namespacesOf(wish.incident),
      run: async () => say(await liftSilences(wish, silencing, context)),
    };
  },
};

interface Wish {
  readonly incident: Incident;
  readonly userId: string;
}

async function liftSilences(
  { incident, userId }: Wish,
  { alertmanager }: Silencing,
  { ops, registry }: DeskContext,
): Promise<string> {
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
      who: userId,
      surface: 'slash',
      subject: refName(incident.subject),
      detail: text,
    });
  }
  return `Lifted: ${escapeText(lasting.map(({ name }) => name).join(', '))} may notify again.`;
}
