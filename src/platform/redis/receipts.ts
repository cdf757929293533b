import type { Redis } from 'ioredis';
import type { Receipts } from '../../core/ports/receipts.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';

export function createReceipts(redis: Redis, keyspace: Keyspace): Receipts {
  return {
    take: async (id, keepMs) =>
      (await ask(() => redis.set(keyspace.key('receipt', id), '1', 'PX', keepMs, 'NX'))) === 'OK',
    has: async (id) => (await ask(() => redis.exists(keyspace.key('receipt', id)))) === 1,
  };
}
