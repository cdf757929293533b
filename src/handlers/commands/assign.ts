import type { PlacedCommand } from '../command.ts';
import { decideErrand } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

/** A person as Slack writes a mention, with or without the name behind it. */
const person = /^<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>$/;

export const assign: PlacedCommand = {
  id: 'assign',
  usage: '<incident> <@person>',
  help: 'Ask somebody to look after an incident; `me` takes it yourself.',
  role: 'operator',
  async prepare(ask, context) {
    const usage = `Type \`${context.commandName} assign <incident> @person\`, or \`me\` for yourself.`;
    const named = await findIncident(ask, context);
    if ('unclear' in named) return { unclear: `${named.unclear} ${usage}` };
    const [word = 'me'] = named.words;
    const to = word === 'me' ? ask.userId : person.exec(word)?.[1];
    if (to === undefined) return { unclear: `To whom? ${usage}` };
    return decideErrand(named.incident, { decision: { do: 'assign', to }, by: ask.userId }, context);
  },
};
