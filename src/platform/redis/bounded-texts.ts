import type { Redis } from 'ioredis';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';

export interface TextBounds {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Milliseconds. */
  readonly keepMs: number;
  /** Texts. */
  readonly most: number;
}

interface BoundedTexts {
  /** Where they are, for what is said of one that cannot be read. */
  readonly key: string;
  read(id: string): Promise<string | undefined>;
  keep(id: string, text: string): Promise<void>;
}

/** Sets it and takes out the oldest that are too many. KEYS: texts, order. ARGV: id, text, keep, most. */
const keep = `${serverTime}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now(), ARGV[1])
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now() - ARGV[3])
for _, one in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1 - ARGV[4])) do table.insert(old, one) end
for _, one in ipairs(old) do
  redis.call('HDEL', KEYS[1], one)
  redis.call('ZREM', KEYS[2], one)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])`;

/** Texts by id; for a while, and never more than so many: the oldest goes first. */
export function createBoundedTexts(name: string, { redis, keyspace, keepMs, most }: TextBounds): BoundedTexts {
  const [key, order] = [keyspace.key(name), keyspace.key(name, 'order')];
  return {
    key,
    read: async (id) => (await ask(() => redis.hget(key, id))) ?? undefined,
    keep: async (id, text) => void (await ask(() => redis.eval(keep, 2, key, order, id, text, keepMs, most))),
  };
}
