import type { PlacedCommand } from '../command.ts';
import { decideErrand } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

export const acknowledge: PlacedCommand = {
  id: 'ack',
  usage: '<incident>',
  help: 'Say that you look after an incident, so that nobody else is called.',
  role: 'operator',
  async prepare(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named) return { unclear: `${named.unclear} Type \`${context.commandName} ack <incident>\`.` };
    return decideErrand(named.incident, { decision: { do: 'acknowledge' }, by: ask.userId }, context);
  },
};
