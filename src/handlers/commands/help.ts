import type { Role } from '../../core/policy.ts';
import { type Command, say } from '../command.ts';

const headings: readonly { readonly title: string; readonly roles: readonly Role[] }[] = [
  { title: 'Look', roles: ['viewer'] },
  { title: 'Change (a person approves each)', roles: ['operator', 'approver'] },
  { title: 'Administer', roles: ['admin'] },
];

/** Knows the list it is part of, so that it never forgets a command. */
export function helpCommand(others: () => readonly Command[]): Command {
  return {
    id: 'help',
    usage: '',
    help: 'Show this.',
    role: 'viewer',
    async run(_ask, { commandName }) {
      const sections = headings.map(({ title, roles }) => {
        const lines = others()
          .filter((command) => roles.includes(command.role))
          .map((command) => `• \`${[commandName, command.id, command.usage].join(' ').trim()}\` ${command.help}`);
        return [`*${title}*`, ...lines].join('\n');
      });
      return say(sections.join('\n\n'));
    },
  };
}
