import { stopExecutions } from '../../ops/stop.ts';
import { type Command, say } from '../command.ts';
import { describeStop } from '../decisions.ts';
import { findIncident } from '../named-incident.ts';

export const stop: Command = {
  id: 'stop',
  usage: '<incident>',
  help: 'Let what is being carried out for an incident go no further: a drain ends after its present pod.',
  role: 'operator',
  async run(ask, context) {
    const named = await findIncident(ask, context);
    if ('unclear' in named || named.words.length > 0) return say(`Type \`${context.commandName} stop <incident>\`.`);
    const by = { user: ask.userId, surface: 'slash' } as const;
    return say(describeStop(await stopExecutions(named.incident, by, context.ops)));
  },
};
