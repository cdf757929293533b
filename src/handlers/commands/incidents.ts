import { type Command, say } from '../command.ts';
import { escapeText, timeOf } from '../sentences.ts';

export const incidents: Command = {
  id: 'incidents',
  usage: '',
  help: 'List the open incidents, oldest first.',
  role: 'viewer',
  async run(_ask, { registry }) {
    const open = await registry.open();
    if (open.length === 0) return say('No open incidents.');
    return say(open.map((one) => `\`${one.id}\` ${escapeText(one.title)} (${timeOf(one.openedAt)})`).join('\n'));
  },
};
