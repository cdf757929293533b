import type { Redis } from 'ioredis';
import type { IncidentIndex } from '../../core/ports/incident-index.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';

/** Takes a field of the hash if nobody holds it, or still the one that was seen. KEYS: hash. ARGV: fingerprint, id, seen ('' for none). */
const claim = `
local holder = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if holder ~= '' and holder ~= ARGV[3] then return holder end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return ARGV[2]`;

/** Adds to the set, after all that are in it. KEYS: set. ARGV: id. */
const add = `${serverTime}
return redis.call('ZADD', KEYS[1], 'NX', now(), ARGV[1])`;

export function createIncidentIndex(redis: Redis, keyspace: Keyspace): IncidentIndex {
  const fingerprints = keyspace.key('fingerprints');
  const open = keyspace.key('open');
  return {
    find: async (fingerprint) => (await ask(() => redis.hget(fingerprints, fingerprint))) ?? undefined,
    claim: async ({ fingerprint, id, replaces }) =>
      String(await ask(() => redis.eval(claim, 1, fingerprints, fingerprint, id, replaces ?? ''))),
    open: () => ask(() => redis.zrange(open, '0', '-1')),
    async setOpen(id, isOpen) {
      await ask(() => (isOpen ? redis.eval(add, 1, open, id) : redis.zrem(open, id)));
    },
  };
}
