import { reportHelp } from '../../notifications/reports/commands.ts';
import type { Command, CommandGroup } from '../command.ts';

/** Knows the list it is part of, so that it never forgets a command. */
export function helpCommand(all: () => readonly CommandGroup[]): Command {
  return {
    id: 'help',
    usage: '',
    help: 'Show this.',
    role: 'viewer',
    run: async (_ask, { commandName }) =>
      reportHelp(
        commandName,
        all().map(({ title, commands }) => ({
          title,
          commands: commands.map(({ id, usage, help, role }) => ({ usage: `${id} ${usage}`.trim(), help, role })),
        })),
      ),
  };
}
