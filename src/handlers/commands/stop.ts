import { stopExecutions } from '../../ops/stop.ts';
import { type PlacedCommand, say } from '../command.ts';
import { describeStop } from '../decisions.ts';
import { namespacesOf } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

export const stop: PlacedCommand = {
  id: 'stop',
  usage: '<incident>',
  help: 'Let what is being carried out for an incident go no further: a drain ends after its present pod.',
  role: 'operator',
  async prepare(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named || named.words.length > 0)
      return { unclear: `Type \`${context.commandName} stop <incident>\`.` };
    const { incident } = named;
    const by = { user: ask.userId, surface: 'slash' } as const;
    return {
      where: namespacesOf(incident),
      run: async () => say(describeStop(await stopExecutions(incident, by, context.ops))),
    };
  },
};
