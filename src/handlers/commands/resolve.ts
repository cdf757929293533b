import type { PlacedCommand } from '../command.ts';
import { decideErrand } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';
import { joinReason } from '../words.ts';

export const resolve: PlacedCommand = {
  id: 'resolve',
  usage: '<incident> [reason]',
  help: 'Close an incident by hand; it is told again should it get worse or come back.',
  role: 'operator',
  async prepare(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named)
      return { unclear: `${named.unclear} Type \`${context.commandName} resolve <incident> [reason]\`.` };
    const decision = { do: 'resolve' as const, reason: joinReason(named.words) };
    return decideErrand(named.incident, { decision, by: ask.userId }, context);
  },
};
