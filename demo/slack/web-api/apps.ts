import { z } from 'zod';
import { checkBlocks, checkView } from '../block-kit/check.ts';
import { app, team } from '../seed.ts';
import { ApiError, defineMethod, jsonObject, jsonObjects } from './method.ts';

const nothing = z.object({});

const authTest = defineMethod({
  name: 'auth.test',
  token: 'any',
  rate: 'none',
  args: nothing,
  run: (_args, world) => ({
    url: `${world.origin()}/`,
    team: team.name,
    user: 'lifeguard',
    team_id: team.id,
    user_id: app.userId,
    bot_id: app.botId,
    app_id: app.id,
    is_enterprise_install: false,
  }),
});

const openConnection = defineMethod({
  name: 'apps.connections.open',
  token: 'app',
  rate: 'none',
  args: nothing,
  run: (_args, world) => ({
    url: `${world.origin().replace('http', 'ws')}/link?ticket=${world.sockets.openTicket()}&app_id=${app.id}`,
  }),
});

const teamInfo = defineMethod({
  name: 'team.info',
  rate: 'tier3',
  scopes: ['team:read'],
  args: nothing,
  run: () => ({ team: { ...team } }),
});

const botsInfo = defineMethod({
  name: 'bots.info',
  rate: 'tier3',
  scopes: ['users:read'],
  args: z.object({ bot: z.string().optional() }),
  run: (args, world) => {
    if (args.bot !== undefined && args.bot !== app.botId) throw new ApiError('bot_not_found');
    const name = world.manifest.display_information.name;
    return { bot: { id: app.botId, app_id: app.id, user_id: app.userId, name, deleted: false } };
  },
});

const validateBlocks = defineMethod({
  name: 'blocks.validate',
  token: 'any',
  rate: 'none',
  args: z.object({ blocks: jsonObjects.optional(), view: jsonObject.optional() }),
  run: (args) => {
    const complaints = args.view === undefined ? checkBlocks(args.blocks ?? []) : checkView(args.view);
    return { valid: complaints.length === 0, errors: [...complaints] };
  },
});

export const appMethods = [authTest, openConnection, teamInfo, botsInfo, validateBlocks] as const;
