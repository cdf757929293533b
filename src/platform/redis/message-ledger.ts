import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Delivery, MessageLedger } from '../../core/ports/message-ledger.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** A lock whose holder died is free again after this long; a living holder renews it at a third, milliseconds. */
const lockMs = 15_000;

/** How long it is known where an incident's messages are, seconds. */
const keepSeconds = 90 * 24 * 3600;

const DeliveryRecord = z.object({
  channel: z.string(),
  version: z.number(),
  entries: z.record(
    z.string(),
    z.object({
      ts: z.string().exactOptional(),
      digest: z.string(),
      refusedUntil: z.number().exactOptional(),
      dropped: z.literal(true).exactOptional(),
    }),
  ),
  link: z.string().exactOptional(),
  toldAt: z.number().exactOptional(),
}) satisfies z.ZodType<Delivery>;

/** Deletes or renews the lock only for its holder. KEYS: lock. ARGV: token, milliseconds (0: release). */
const whileHolding = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/**
 * A token bucket on the server's clock. KEYS: bucket, hold. ARGV: per minute, burst. Answers 0, or the milliseconds to wait.
 */
const takeToken = `
local held = redis.call('PTTL', KEYS[2])
if held > 0 then return held end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rate = tonumber(ARGV[1]) / 60000
local burst = tonumber(ARGV[2])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or burst
local at = tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + (now - at) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate) + 1000)
return wait`;

export function createMessageLedger(redis: Redis, keyspace: Keyspace, log: Log): MessageLedger {
  const key = (incidentId: string): string => keyspace.key('delivery', incidentId);
  return {
    async read(incidentId) {
      const text = await ask(() => redis.get(key(incidentId)));
      return text === null ? undefined : parseStored({ key: key(incidentId), text, schema: DeliveryRecord });
    },
    async write(incidentId, delivery) {
      await ask(() => redis.set(key(incidentId), JSON.stringify(delivery), 'EX', keepSeconds));
    },
    exclusively: (name, work) => holdLock({ redis, lock: keyspace.key('lock', name), log }, work),
    take: async ({ name, perMinute, burst }) =>
      Number(
        await ask(() =>
          redis.eval(takeToken, 2, keyspace.key('bucket', name), keyspace.key('hold', name), perMinute, burst),
        ),
      ),
    async hold(name, ms) {
      if (ms > 0) await ask(() => redis.set(keyspace.key('hold', name), '1', 'PX', Math.ceil(ms)));
    },
  };
}

interface LockContext {
  readonly redis: Redis;
  readonly lock: string;
  readonly log: Log;
}

async function holdLock({ redis, lock, log }: LockContext, work: () => Promise<void>): Promise<boolean> {
  const token = randomUUID();
  if ((await ask(() => redis.set(lock, token, 'PX', lockMs, 'NX'))) === null) return false;
  const renewing = setInterval(() => {
    redis
      .eval(whileHolding, 1, lock, token, lockMs)
      .catch((error: unknown) => log.warn('a lock could not be renewed', { problem: describeError(error) }));
  }, lockMs / 3);
  try {
    await work();
  } finally {
    clearInterval(renewing);
    await redis.eval(whileHolding, 1, lock, token, 0).catch(() => undefined);
  }
  return true;
}
