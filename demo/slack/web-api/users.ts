import { z } from 'zod';
import { team, type User } from '../seed.ts';
import type { Wire } from '../wire.ts';
import { ApiError, count, defineMethod, flag } from './method.ts';
import { showPage } from './pages.ts';

const info = defineMethod({
  name: 'users.info',
  rate: 'tier4',
  scopes: ['users:read'],
  args: z.object({ user: z.string() }),
  run: (args, world) => {
    const user = world.directory.user(args.user);
    if (user === undefined) throw new ApiError('user_not_found');
    return { user: showUser(user) };
  },
});

const list = defineMethod({
  name: 'users.list',
  rate: 'tier2',
  scopes: ['users:read'],
  args: z.object({ cursor: z.string().optional(), limit: count.optional() }),
  run: (args, world) => showPage('members', world.directory.users.map(showUser), args),
});

const groups = defineMethod({
  name: 'usergroups.list',
  rate: 'tier2',
  scopes: ['usergroups:read'],
  args: z.object({ include_users: flag.default(false) }),
  run: (args, world) => ({
    usergroups: world.directory.usergroups.map((group) => ({
      id: group.id,
      team_id: team.id,
      is_usergroup: true,
      name: group.name,
      handle: group.handle,
      user_count: group.users.length,
      ...(args.include_users ? { users: group.users } : {}),
    })),
  }),
});

const groupMembers = defineMethod({
  name: 'usergroups.users.list',
  rate: 'tier2',
  scopes: ['usergroups:read'],
  args: z.object({ usergroup: z.string() }),
  run: (args, world) => {
    const group = world.directory.usergroups.find((one) => one.id === args.usergroup);
    if (group === undefined) throw new ApiError('no_such_subteam');
    return { users: group.users };
  },
});

export const userMethods = [info, list, groups, groupMembers] as const;

function showUser(user: User): Wire {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted === true,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    profile: { real_name: user.realName, display_name: user.name, title: user.title },
    is_admin: user.isAdmin === true,
    is_owner: false,
    is_restricted: user.isRestricted === true,
    is_ultra_restricted: false,
    is_bot: user.isBot === true,
    is_app_user: false,
    ...(user.isStranger === true ? { is_stranger: true } : {}),
  };
}
