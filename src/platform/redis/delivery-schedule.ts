import type { Redis } from 'ioredis';
import type { DeliverySchedule, Due } from '../../core/ports/delivery-schedule.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';

/** KEYS: versions, since, channels. ARGV: incident, version, channel. */
const mark = `${serverTime}
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[2], 'NX', now(), ARGV[1])
redis.call('SADD', KEYS[3], ARGV[3])`;

/** KEYS and ARGV as above. */
const clear = `
local waiting = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not waiting or tonumber(waiting) > tonumber(ARGV[2]) then return end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('ZCARD', KEYS[1]) == 0 then redis.call('SREM', KEYS[3], ARGV[3]) end`;

export function createDeliverySchedule(redis: Redis, keyspace: Keyspace): DeliverySchedule {
  const channels = keyspace.key('due-channels');
  const versions = (channel: string): string => keyspace.key('due', channel);
  const since = (channel: string): string => keyspace.key('due-since', channel);

  async function run(script: string, { channel, incidentId, version }: Due): Promise<void> {
    const keys = [versions(channel), since(channel), channels];
    await ask(() => redis.eval(script, 3, ...keys, incidentId, version, channel));
  }

  return {
    mark: (due) => run(mark, due),
    clear: (due) => run(clear, due),
    async waiting(channel) {
      const pairs = await ask(() => redis.zrange(versions(channel), '0', '-1', 'WITHSCORES'));
      return new Map(pairs.flatMap((id, at) => (at % 2 === 0 ? [[id, Number(pairs[at + 1])] as const] : [])));
    },
    channels: () => ask(() => redis.smembers(channels)),
    async oldest() {
      const known = await ask(() => redis.smembers(channels));
      const firsts = await Promise.all(known.map((one) => ask(() => redis.zrange(since(one), '0', '0', 'WITHSCORES'))));
      const times = firsts.flatMap(([, at]) => (at === undefined ? [] : [Number(at)]));
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
