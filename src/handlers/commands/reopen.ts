import type { PlacedCommand } from '../command.ts';
import { decideErrand } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';
import { joinReason } from '../words.ts';

export const reopen: PlacedCommand = {
  id: 'reopen',
  usage: '<incident> [reason]',
  help: 'Look again at an incident that was closed or snoozed.',
  role: 'operator',
  async prepare(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named)
      return { unclear: `${named.unclear} Type \`${context.commandName} reopen <incident> [reason]\`.` };
    const decision = { do: 'reopen' as const, reason: joinReason(named.words) };
    return decideErrand(named.incident, { decision, by: ask.userId }, context);
  },
};
