import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { People, Person } from '../../core/ports/people.ts';

interface PeopleOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  /** Ids of the user groups that give a role; no others are read. */
  readonly groups: readonly string[];
}

const User = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  enterprise_user: z
    .object({ enterprise_id: z.string().optional(), teams: z.array(z.string()).default([]) })
    .optional(),
});
type User = z.infer<typeof User>;

/** Asks Slack who people are. Needs the scopes users:read and, where groups are configured, usergroups:read. */
export function createPeople({ client, clock, groups }: PeopleOptions): People {
  const users = createCache(clock, async (id: string) => User.parse((await client.users.info({ user: id })).user));
  const members = createCache(
    clock,
    async (group: string) => new Set((await client.usergroups.users.list({ usergroup: group })).users ?? []),
  );

  async function groupsOf(userId: string): Promise<readonly string[] | undefined> {
    try {
      const lists = await Promise.all(groups.map(async (group) => ({ group, users: await members(group) })));
      return lists.filter((list) => list.users.has(userId)).map((list) => list.group);
    } catch {
      return undefined;
    }
  }

  return {
    async describe(userId) {
      try {
        const [user, memberOf] = await Promise.all([users(userId), groupsOf(userId)]);
        return toPerson(user, memberOf);
      } catch (error) {
        throw new LifeguardError(`Slack could not say who ${userId} is (${describeError(error)}).`, {
          code: 'channel-unreachable',
          retry: 'transient',
          cause: error,
        });
      }
    },
  };
}

function toPerson(user: User, groups: readonly string[] | undefined): Person {
  const { team_id: teamId, enterprise_user: enterprise } = user;
  const teamIds = [...(teamId === undefined ? [] : [teamId]), ...(enterprise?.teams ?? [])];
  const person = { id: user.id, kind: kindOf(user), teamIds, groups };
  const enterpriseId = enterprise?.enterprise_id;
  return enterpriseId === undefined ? person : { ...person, enterpriseId };
}

function kindOf(user: User): Person['kind'] {
  if (user.deleted) return 'deleted';
  if (user.is_bot) return 'bot';
  if (user.is_stranger) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** A role taken away must be gone within a minute. */
const keptMs = 60_000;

/** Remembers answers for a minute, asks once for many who ask at the same time, and forgets failures at once. */
function createCache<T>(clock: Clock, load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const entries = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  return (key) => {
    const now = clock.now();
    for (const [other, { at }] of entries) if (now - at >= keptMs) entries.delete(other);
    const known = entries.get(key);
    if (known !== undefined) return known.value;
    const value = load(key);
    entries.set(key, { at: now, value });
    value.catch(() => entries.delete(key));
    return value;
  };
}
