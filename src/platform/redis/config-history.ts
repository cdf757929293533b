import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ConfigContent, mostVersions } from '../../core/config-version.ts';
import type { ConfigHistory } from '../../core/ports/config-history.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** How long a history outlives the last time that its ConfigMap was seen, seconds. */
const keepSeconds = 90 * 24 * 3600;

const Stored = z.object({ at: z.number(), content: ConfigContent });

/**
 * Makes the content the newest version, unless it is that already. KEYS: versions by digest, contents by digest. ARGV: digest, content, most, keep
 * (seconds).
 */
const keep = `
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if newest[1] ~= ARGV[1] then
  redis.call('ZADD', KEYS[1], (newest[2] or 0) + 1, ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  for _, old in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1 - ARGV[3])) do
    redis.call('ZREM', KEYS[1], old)
    redis.call('HDEL', KEYS[2], old)
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[4]) end`;

export function createConfigHistory(redis: Redis, keyspace: Keyspace): ConfigHistory {
  const keysOf = (configMap: ResourceRef): readonly [versions: string, contents: string] => [
    keyspace.key('config-versions', refName(configMap)),
    keyspace.key('config-contents', refName(configMap)),
  ];
  return {
    async keep(configMap, content, at) {
      const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
      const text = JSON.stringify({ at, content });
      await ask(() => redis.eval(keep, 2, ...keysOf(configMap), digest, text, mostVersions, keepSeconds));
    },
    async read(configMap) {
      const [versions, contents] = keysOf(configMap);
      const digests = await ask(() => redis.zrevrange(versions, 0, -1, 'WITHSCORES'));
      const texts = await ask(() => redis.hgetall(contents));
      return digests.flatMap((digest, index) => {
        const text = texts[digest];
        if (text === undefined) return [];
        return [{ version: Number(digests[index + 1]), ...parseStored({ key: contents, text, schema: Stored }) }];
      });
    },
    async renew(configMaps) {
      for (const key of configMaps.flatMap(keysOf)) await ask(() => redis.expire(key, keepSeconds));
    },
  };
}
