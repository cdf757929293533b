import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AnnouncedMaintenance, MaintenanceBoard } from '../../core/ports/maintenance-board.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

const Announced = z.object({
  namespace: z.string(),
  until: z.number(),
  by: z.string(),
  reason: z.string(),
}) satisfies z.ZodType<AnnouncedMaintenance>;

export function createMaintenanceBoard(redis: Redis, keyspace: Keyspace): MaintenanceBoard {
  const key = keyspace.key('maintenance');
  return {
    async announce(maintenance) {
      await ask(() => redis.hset(key, maintenance.namespace, JSON.stringify(maintenance)));
    },
    async all() {
      const texts = await ask(() => redis.hvals(key));
      const known = texts.map((text) => parseStored({ key, text, schema: Announced }));
      const ended = known.filter(({ until }) => until <= Date.now());
      if (ended.length > 0) await ask(() => redis.hdel(key, ...ended.map(({ namespace }) => namespace)));
      return known.filter(({ until }) => until > Date.now());
    },
  };
}
