import { renderHygiene } from '../../notifications/reports/hygiene.ts';
import { type Command, say } from '../command.ts';

export const hygiene: Command = {
  id: 'hygiene',
  usage: '',
  help: 'What breaks nothing today and should be tidied.',
  role: 'viewer',
  async run(ask, context) {
    if (ask.words.length > 0) return say(`Type \`${context.commandName} hygiene\` and nothing after it.`);
    return renderHygiene(context.cluster, await context.inspect());
  },
};
