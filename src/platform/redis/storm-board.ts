import type { Redis } from 'ioredis';
import type { StormBoard } from '../../core/ports/storm-board.ts';
import { Weather } from '../../core/weather.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

export function createStormBoard(redis: Redis, keyspace: Keyspace): StormBoard {
  const keyOf = (channel: string): string => keyspace.key('weather', channel);
  return {
    async read(channel) {
      const key = keyOf(channel);
      const text = await ask(() => redis.get(key));
      return text === null ? { recent: [] } : parseStored({ key, text, schema: Weather });
    },
    async write(channel, weather) {
      await ask(() => redis.set(keyOf(channel), JSON.stringify(weather)));
    },
  };
}
