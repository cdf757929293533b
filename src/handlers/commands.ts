import { actions } from '../ops/actions/index.ts';
import type { Command } from './command.ts';
import { actionCommand } from './commands/action-command.ts';
import { guardrails } from './commands/guardrails.ts';
import { helpCommand } from './commands/help.ts';
import { incidents } from './commands/incidents.ts';
import { pause } from './commands/pause.ts';
import { resume } from './commands/resume.ts';
import { silence } from './commands/silence.ts';
import { status } from './commands/status.ts';
import { unsilence } from './commands/unsilence.ts';
import { why } from './commands/why.ts';

/** Every sub-command, in the order of the help. Adding one is one file and one line here; actions bring their own. */
export const commands: readonly Command[] = [
  helpCommand(() => commands),
  status,
  incidents,
  why,
  guardrails,
  ...actions.filter((action) => action.surfaces.some((surface) => surface === 'slash')).map(actionCommand),
  silence,
  unsilence,
  pause,
  resume,
];
