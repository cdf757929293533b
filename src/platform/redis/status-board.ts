import type { Redis } from 'ioredis';
import { type StatusBoard, WatcherStatus } from '../../core/ports/status-board.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** A status nobody renews is gone after this long, seconds. */
const keepSeconds = 60;

export function createStatusBoard(redis: Redis, keyspace: Keyspace): StatusBoard {
  const key = keyspace.key('status');
  return {
    async publish(status) {
      await ask(() => redis.set(key, JSON.stringify(status), 'EX', keepSeconds));
    },
    async read() {
      const text = await ask(() => redis.get(key));
      return text === null ? undefined : parseStored({ key, text, schema: WatcherStatus });
    },
  };
}
