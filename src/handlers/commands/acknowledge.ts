import { type Command, say } from '../command.ts';
import { decideIncident } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

export const acknowledge: Command = {
  id: 'ack',
  usage: '<incident>',
  help: 'Say that you look after an incident, so that nobody else is called.',
  role: 'operator',
  async run(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named) return say(`${named.unclear} Type \`${context.commandName} ack <incident>\`.`);
    return say(await decideIncident(named.incident, { decision: { do: 'acknowledge' }, by: ask.userId }, context));
  },
};
