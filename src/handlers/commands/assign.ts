import { type Command, say } from '../command.ts';
import { decideIncident } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

/** A person as Slack writes a mention, with or without the name behind it. */
const person = /^<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>$/;

export const assign: Command = {
  id: 'assign',
  usage: '<incident> <@person>',
  help: 'Ask somebody to look after an incident; `me` takes it yourself.',
  role: 'operator',
  async run(ask, context) {
    const usage = `Type \`${context.commandName} assign <incident> @person\`, or \`me\` for yourself.`;
    const named = await findIncident(ask, context);
    if ('unclear' in named) return say(`${named.unclear} ${usage}`);
    const [word = 'me'] = named.words;
    const to = word === 'me' ? ask.userId : person.exec(word)?.[1];
    if (to === undefined) return say(`To whom? ${usage}`);
    return say(await decideIncident(named.incident, { decision: { do: 'assign', to }, by: ask.userId }, context));
  },
};
