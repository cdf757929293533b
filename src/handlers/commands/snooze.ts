import { parseDuration } from '../../core/duration.ts';
import type { PlacedCommand } from '../command.ts';
import { decideErrand } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';
import { joinReason } from '../words.ts';

const longestMs = 7 * 86_400_000;

export const snooze: PlacedCommand = {
  id: 'snooze',
  usage: '<incident> <2h> [reason]',
  help: 'Call nobody about an incident for a while, unless it gets worse.',
  role: 'operator',
  async prepare(ask, context) {
    const usage = `Type \`${context.commandName} snooze <incident> <2h> [reason]\`; up to 7d.`;
    const named = await findIncident(ask, context);
    if ('unclear' in named) return { unclear: `${named.unclear} ${usage}` };
    const [word = '', ...reason] = named.words;
    const ms = parseDuration(word);
    if (ms === undefined || ms > longestMs) return { unclear: `For how long? ${usage}` };
    const until = context.ops.clock.now() + ms;
    const decision = { do: 'snooze' as const, until, reason: joinReason(reason) };
    return decideErrand(named.incident, { decision, by: ask.userId }, context);
  },
};
