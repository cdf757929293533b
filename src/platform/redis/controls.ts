import type { Redis } from 'ioredis';
import { z } from 'zod';
import { LifeguardError } from '../../core/errors.ts';
import type { Controls, KillSwitch } from '../../core/ports/controls.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseJson } from './stored.ts';

const KillSwitchRecord = z.discriminatedUnion('engaged', [
  z.object({ engaged: z.literal(false) }),
  z.object({ engaged: z.literal(true), by: z.string(), at: z.number(), reason: z.string() }),
]) satisfies z.ZodType<KillSwitch>;

export interface RedisControls extends Controls {
  /** Writes "off" where nothing was ever written. Called once at start: from then on a missing state is a fault. */
  initialise(): Promise<void>;
}

export function createControls(redis: Redis, keyspace: Keyspace): RedisControls {
  const key = keyspace.key('kill-switch');
  return {
    async initialise() {
      await ask(() => redis.set(key, JSON.stringify({ engaged: false }), 'NX'));
    },
    async killSwitch() {
      const text = await ask(() => redis.get(key));
      const parsed = KillSwitchRecord.safeParse(text === null ? undefined : parseJson(text));
      if (parsed.success) return parsed.data;
      throw new LifeguardError('its state is missing or damaged', { code: 'record-conflict', retry: 'permanent' });
    },
    async setKillSwitch(state) {
      await ask(() => redis.set(key, JSON.stringify(state)));
    },
  };
}
