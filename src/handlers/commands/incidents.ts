import { reportIncidents } from '../../notifications/reports/commands.ts';
import type { Command } from '../command.ts';

export const incidents: Command = {
  id: 'incidents',
  usage: '',
  help: 'List the open incidents, oldest first.',
  role: 'viewer',
  run: async (_ask, { registry, ops }) => reportIncidents(await registry.open(), ops.clock.now()),
};
