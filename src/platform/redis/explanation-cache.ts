import type { Redis } from 'ioredis';
import { KeptDraft } from '../../core/explanation.ts';
import type { ExplanationCache } from '../../core/ports/explanation-cache.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';
import { parseStored } from './stored.ts';

interface CacheOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Milliseconds. */
  readonly keepMs: number;
  /** Answers. */
  readonly most: number;
}

/** Sets it and takes out the oldest that are too many. KEYS: answers, order. ARGV: fingerprint, json, keep, most. */
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

export function createExplanationCache({ redis, keyspace, keepMs, most }: CacheOptions): ExplanationCache {
  const [answers, order] = [keyspace.key('explanations'), keyspace.key('explanations', 'order')];
  return {
    async read(fingerprint) {
      const text = await ask(() => redis.hget(answers, fingerprint));
      return text === null ? undefined : parseStored({ key: answers, text, schema: KeptDraft });
    },
    async keep(fingerprint, kept) {
      await ask(() => redis.eval(keep, 2, answers, order, fingerprint, JSON.stringify(kept), keepMs, most));
    },
  };
}
