import type { Action } from '../ops/action.ts';
import { actions } from '../ops/actions/index.ts';
import type { Command, CommandGroup, PlacedCommand } from './command.ts';
import { acknowledge } from './commands/acknowledge.ts';
import { actionCommand } from './commands/action-command.ts';
import { ask } from './commands/ask.ts';
import { assign } from './commands/assign.ts';
import { audit } from './commands/audit.ts';
import { events } from './commands/events.ts';
import { guardrails } from './commands/guardrails.ts';
import { helpCommand } from './commands/help.ts';
import { hygiene } from './commands/hygiene.ts';
import { incidents } from './commands/incidents.ts';
import { logs } from './commands/logs.ts';
import { maintenance } from './commands/maintenance.ts';
import { opinion } from './commands/opinion.ts';
import { patterns } from './commands/patterns.ts';
import { pause } from './commands/pause.ts';
import { reopen } from './commands/reopen.ts';
import { resolve } from './commands/resolve.ts';
import { resume } from './commands/resume.ts';
import { snooze } from './commands/snooze.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { why } from './commands/why.ts';

const typed = actions.filter((action) => action.surfaces.some((surface) => surface === 'slash'));

/** In the order of the help. Adding a command is one file and one line here; actions bring their own. */
const groups: readonly CommandGroup[] = [
  {
    title: 'Look',
    commands: [helpCommand(() => groups), status, incidents, why, logs, patterns, events, ask, opinion],
  },
  { title: 'Incidents', commands: [acknowledge, assign, snooze, resolve, reopen, maintenance, stop] },
  { title: 'Change a workload', commands: typed.filter(isAboutWorkloads).map(actionCommand) },
  { title: 'Change something else', commands: typed.filter((action) => !isAboutWorkloads(action)).map(actionCommand) },
  { title: 'Lifeguard itself', commands: [guardrails, audit, hygiene, pause, resume] },
];

function isAboutWorkloads({ targets }: Action): boolean {
  return targets === undefined;
}

export const commands: readonly (Command | PlacedCommand)[] = groups.flatMap((group) => group.commands);
