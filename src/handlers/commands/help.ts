import { reportHelp } from '../../notifications/reports/commands.ts';
import type { Command, PlacedCommand } from '../command.ts';

/** Knows the list it is part of, so that it never forgets a command. */
export function helpCommand(all: () => readonly (Command | PlacedCommand)[]): Command {
  return {
    id: 'help',
    usage: '',
    help: 'Show this.',
    role: 'viewer',
    run: async (_ask, { commandName }) =>
      reportHelp(
        commandName,
        all().map(({ id, usage, help, role }) => ({ usage: `${id} ${usage}`.trim(), help, role })),
      ),
  };
}
