import type { Redis } from 'ioredis';
import { Alert, foldAlert } from '../../core/alert.ts';
import { LifeguardError } from '../../core/errors.ts';
import type { AlertBoard } from '../../core/ports/alert-board.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** Alerts kept at most; each takes about 1 kB. */
const room = 10_000;

/** Conflicts with other receivers in a row that are still a race. */
const attempts = 50;

/**
 * Sets all fields if none has changed meanwhile. KEYS: alerts, version. ARGV: room, then for each alert its fingerprint, the expected text (empty:
 * none) and the new one. Answers 1, 0 for a conflict, -1 where there is no room.
 */
const compareAndSetAll = `
local fresh = 0
for i = 2, #ARGV, 3 do
  local current = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if current ~= ARGV[i + 1] then return 0 end
  if current == '' then fresh = fresh + 1 end
end
if fresh > 0 and redis.call('HLEN', KEYS[1]) + fresh > tonumber(ARGV[1]) then return -1 end
for i = 2, #ARGV, 3 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
redis.call('INCR', KEYS[2])
return 1`;

export function createAlertBoard(redis: Redis, keyspace: Keyspace): AlertBoard {
  const key = keyspace.key('alerts');
  const versionKey = keyspace.key('alerts-version');

  async function tryToTake(alerts: readonly Alert[]): Promise<'done' | 'conflict'> {
    const said = groupByFingerprint(alerts);
    if (said.size === 0) return 'done';
    const texts = await ask(() => redis.hmget(key, ...said.keys()));
    const changes = [...said.entries()].flatMap(([fingerprint, batch], index) => {
      const text = texts[index] ?? '';
      const known = text === '' ? undefined : parseStored({ key, text, schema: Alert });
      const next = batch.reduce<Alert | undefined>(foldAlert, known);
      return next === known ? [] : [fingerprint, text, JSON.stringify(next)];
    });
    if (changes.length === 0) return 'done';
    const answer = await ask(() => redis.eval(compareAndSetAll, 2, key, versionKey, room, ...changes));
    if (answer === -1) throw full();
    return answer === 1 ? 'done' : 'conflict';
  }

  return {
    async take(alerts) {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        if ((await tryToTake(alerts)) === 'done') return;
      }
      throw new LifeguardError('The alerts are changed too often at once.', {
        code: 'record-conflict',
        retry: 'conflict',
      });
    },
    version: async () => Number((await ask(() => redis.get(versionKey))) ?? 0),
    all: async () =>
      Object.values(await ask(() => redis.hgetall(key))).map((text) => parseStored({ key, text, schema: Alert })),
    async forget(fingerprints) {
      if (fingerprints.length > 0) await ask(() => redis.hdel(key, ...fingerprints));
    },
  };
}

/** One notification may name an alert twice; both are folded in the order given. */
function groupByFingerprint(alerts: readonly Alert[]): ReadonlyMap<string, readonly Alert[]> {
  return Map.groupBy(alerts, ({ fingerprint }) => fingerprint);
}

function full(): LifeguardError {
  return new LifeguardError(`${room} alerts are kept already; there is no room for more.`, {
    code: 'store-full',
    retry: 'transient',
  });
}
