import type { Redis } from 'ioredis';
import { EventRecord } from '../../core/event-record.ts';
import type { EventStore } from '../../core/ports/event-store.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

interface EventStoreOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Older ones go, milliseconds. */
  readonly keepMs: number;
  /** No more than so many are kept. */
  readonly most: number;
}

/**
 * Keeps what is new, and lets go of what is too old or too much. KEYS: order, texts. ARGV: oldest time, most, then for each its id, time and text.
 */
const append = `
for i = 3, #ARGV, 3 do
  if redis.call('ZADD', KEYS[1], 'NX', ARGV[i + 1], ARGV[i]) == 1 then redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2]) end
end
local function forget(ids)
  for first = 1, #ids, 1000 do
    local some = {unpack(ids, first, math.min(first + 999, #ids))}
    redis.call('ZREM', KEYS[1], unpack(some))
    redis.call('HDEL', KEYS[2], unpack(some))
  end
end
forget(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1]))
local tooMany = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[2])
if tooMany > 0 then forget(redis.call('ZRANGE', KEYS[1], 0, tooMany - 1)) end`;

/** Records read at once. */
const page = 1_000;

/** A sorted set rather than a stream: news that is heard again after a restart is then no news. */
export function createEventStore({ redis, keyspace, keepMs, most }: EventStoreOptions): EventStore {
  const [order, texts] = [keyspace.key('events'), keyspace.key('event-texts')];
  return {
    async append(records) {
      if (records.length === 0) return;
      const newest = Math.max(...records.map(({ at }) => at));
      const args = records.flatMap((record) => [record.id, record.at, JSON.stringify(record)]);
      await ask(() => redis.eval(append, 2, order, texts, newest - keepMs, most, ...args));
    },
    async read(since) {
      const ids = await ask(() => redis.zrevrangebyscore(order, '+inf', since));
      const found: EventRecord[] = [];
      for (let first = 0; first < ids.length; first += page) {
        const some = await ask(() => redis.hmget(texts, ...ids.slice(first, first + page)));
        for (const text of some) if (text !== null) found.push(parseStored({ key: texts, text, schema: EventRecord }));
      }
      return found;
    },
  };
}
