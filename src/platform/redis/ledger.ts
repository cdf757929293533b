import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Attempt, Health, Ledger, RevisionHealth } from '../../core/ports/ledger.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** Attempts older than this no longer count anywhere, milliseconds. */
const keepMs = 8 * 24 * 3600 * 1000;

/** How long it is remembered how a workload's revisions did, seconds. */
const healthSeconds = 90 * 24 * 3600;

const AttemptRecord = z.object({
  at: z.number(),
  namespaces: z.array(z.string()),
  subject: z.string(),
  cause: z.string(),
  executionId: z.string(),
}) satisfies z.ZodType<Attempt>;

export function createLedger(redis: Redis, keyspace: Keyspace): Ledger {
  const order = keyspace.key('attempts');
  const details = keyspace.key('attempt-details');
  return {
    async record(attempt) {
      const fresh = await ask(() => redis.hsetnx(details, attempt.executionId, JSON.stringify(attempt)));
      if (fresh === 0) return;
      await ask(() => redis.zadd(order, attempt.at, attempt.executionId));
      const old = await ask(() => redis.zrangebyscore(order, '-inf', attempt.at - keepMs));
      if (old.length === 0) return;
      await ask(() => redis.zrem(order, ...old));
      await ask(() => redis.hdel(details, ...old));
    },
    async withdraw(executionId) {
      await ask(() => redis.multi().hdel(details, executionId).zrem(order, executionId).exec());
    },
    async attempts(since) {
      const all = Object.values(await ask(() => redis.hgetall(details)));
      return all
        .map((text) => parseStored({ key: details, text, schema: AttemptRecord }))
        .filter(({ at }) => at >= since)
        .toSorted((a, b) => a.at - b.at);
    },
  };
}

export function createRevisionHealth(redis: Redis, keyspace: Keyspace): RevisionHealth {
  return {
    async mark({ workloadUid, revision, health }) {
      const key = keyspace.key('health', workloadUid);
      await ask(() => redis.multi().hset(key, String(revision), health).expire(key, healthSeconds).exec());
    },
    async known(workloadUid) {
      const fields = Object.entries(await ask(() => redis.hgetall(keyspace.key('health', workloadUid))));
      return new Map(
        fields.flatMap(([revision, health]) => (isHealth(health) ? [[Number(revision), health] as const] : [])),
      );
    },
  };
}

function isHealth(value: string): value is Health {
  return value === 'healthy' || value === 'bad';
}
