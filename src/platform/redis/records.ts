import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { LifeguardError } from '../../core/errors.ts';
import { freezeDeep } from '../../core/frozen.ts';
import type { Records, Versioned } from '../../core/ports/records.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';
import { parseStored } from './stored.ts';

interface RecordsOptions<T extends Versioned> {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** `incidents`, `proposals`, … */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** How long a record outlives its last change, seconds. */
  readonly keepSeconds: number;
  /** Which wait for something. They are kept in an index of their own, changed together with the record. */
  readonly waits?: (record: T) => boolean;
}

/**
 * Sets the record if the stored version is the expected one (0: none is stored); a new one takes the expired ones out of the order. KEYS: record,
 * order, those that wait. ARGV: version, json, keep, id, whether it waits.
 */
const compareAndSet = `${serverTime}
local current = redis.call('GET', KEYS[1])
local expected = tonumber(ARGV[1])
if expected == 0 then
  if current then return 0 end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now() - ARGV[3] * 1000)
  redis.call('ZADD', KEYS[2], now(), ARGV[4])
elseif not current or cjson.decode(current).version ~= expected then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if ARGV[5] == '1' then redis.call('ZADD', KEYS[3], 'NX', now(), ARGV[4]) else redis.call('ZREM', KEYS[3], ARGV[4]) end
return 1`;

/** More conflicts in a row than this are a fault, not a race. */
const attempts = 200;

export function createRecords<T extends Versioned>({
  redis,
  keyspace,
  name,
  schema,
  keepSeconds,
  waits = () => false,
}: RecordsOptions<T>): Records<T> {
  const order = keyspace.key(name);
  const waitingOnes = keyspace.key(`${name}-waiting`);

  async function store(expected: number, record: T): Promise<boolean> {
    const key = keyspace.key(name, record.id);
    const args = [expected, JSON.stringify(record), keepSeconds, record.id, waits(record) ? '1' : '0'];
    return (await ask(() => redis.eval(compareAndSet, 3, key, order, waitingOnes, ...args))) === 1;
  }

  const read = createReader(schema);

  async function get(id: string): Promise<T | undefined> {
    const key = keyspace.key(name, id);
    return read(key, await ask(() => redis.get(key)));
  }

  async function many(ids: readonly string[]): Promise<readonly T[]> {
    if (ids.length === 0) return [];
    const keys = ids.map((id) => keyspace.key(name, id));
    const texts = await ask(() => redis.mget(keys));
    return keys.map((key, place) => read(key, texts[place] ?? null)).filter((record) => record !== undefined);
  }

  async function update(id: string, change: (current: T) => T): Promise<T | undefined> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const current = await get(id);
      if (current === undefined) return undefined;
      const next = change(current);
      if (next === current) return current;
      const raised = { ...next, version: current.version + 1 };
      if (await store(current.version, raised)) return raised;
    }
    throw new LifeguardError(`The record ${keyspace.key(name, id)} is changed too often at once.`, {
      code: 'record-conflict',
      retry: 'conflict',
    });
  }

  return {
    get,
    many,
    update,
    create: (record) => store(0, record),
    async recent(limit) {
      return many(await ask(() => redis.zrevrange(order, 0, limit - 1)));
    },
    async waiting() {
      const ids = await ask(() => redis.zrange(waitingOnes, '0', '-1'));
      const found = await many(ids);
      const expired = ids.filter((id) => !found.some((record) => record.id === id));
      if (expired.length > 0) await ask(() => redis.zrem(waitingOnes, expired));
      return found;
    },
  };
}

/** Texts whose record is remembered. */
const remembered = 2_000;

/** Reads what is stored under a key. The same text as last time is not read again: in a storm, most records are asked for far more often than they change. */
function createReader<T>(schema: z.ZodType<T>): (key: string, text: string | null) => T | undefined {
  const last = new Map<string, { readonly text: string; readonly record: T }>();
  return (key, text) => {
    const known = last.get(key);
    last.delete(key);
    if (text === null) return undefined;
    const record = known?.text === text ? known.record : freezeDeep(parseStored({ key, text, schema }));
    last.set(key, { text, record });
    const [oldest] = last.keys();
    if (last.size > remembered && oldest !== undefined) last.delete(oldest);
    return record;
  };
}
