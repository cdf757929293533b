import type { Redis } from 'ioredis';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import { type LogOrigin, originKey } from '../../core/log-record.ts';
import type { LogQuery, LogSource, ReadLine } from '../../core/ports/log-source.ts';
import type { PushedLogs } from '../../core/ports/pushed-logs.ts';
import { chooseLines } from '../../core/read-lines.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

export interface PushedLogsOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Bytes that wait for the watcher at most; 0 where it does not read them, and none wait. */
  readonly mostWaiting: number;
  /** Bytes that are kept for people at most. */
  readonly mostKept: number;
  /** How long they are kept after the last line of the same container, seconds. */
  readonly keepSeconds: number;
}

/** Bytes of one container that are kept for people at most. */
const mostOfOne = 256 * 1024;

/** Lines of a batch. */
const batchLines = 1_000;

/** How long a sender waits when the watcher is behind, milliseconds. */
const retryAfterMs = 5_000;

const Lines = z.array(
  z.object({ namespace: z.string(), pod: z.string(), container: z.string(), at: z.number(), text: z.string() }),
);

/**
 * Keeps lines for the watcher and, by container, for people: all, or none where too many wait. KEYS: waiting, their bytes, containers by the time of their
 * last line, their bytes (field `` for all together). ARGV: most waiting, most kept, most of one, keep (seconds), prefix of the containers' keys, how many
 * batches, the batches, then for each container its name, how many lines, and those.
 */
const append = `
local function drop(name)
  redis.call('DEL', ARGV[5] .. name)
  redis.call('HINCRBY', KEYS[4], '', -tonumber(redis.call('HGET', KEYS[4], name) or 0))
  redis.call('HDEL', KEYS[4], name)
  redis.call('ZREM', KEYS[3], name)
end
local function hold(name, first, last, now)
  local key, before = ARGV[5] .. name, tonumber(redis.call('HGET', KEYS[4], name) or 0)
  local size = before
  for i = first, last do
    redis.call('RPUSH', key, ARGV[i])
    size = size + #ARGV[i]
  end
  while size > tonumber(ARGV[3]) do
    local old = redis.call('LPOP', key)
    if not old then size = 0 break end
    size = size - #old
  end
  redis.call('HSET', KEYS[4], name, size)
  redis.call('HINCRBY', KEYS[4], '', size - before)
  redis.call('ZADD', KEYS[3], now, name)
end
local batches, most = tonumber(ARGV[6]), tonumber(ARGV[1])
if most > 0 then
  local size, waiting = 0, tonumber(redis.call('GET', KEYS[2]) or 0)
  for i = 7, 6 + batches do size = size + #ARGV[i] end
  if waiting > 0 and waiting + size > most then return 0 end
  for i = 7, 6 + batches do redis.call('XADD', KEYS[1], '*', 'lines', ARGV[i]) end
  redis.call('INCRBY', KEYS[2], size)
end
local now = tonumber(redis.call('TIME')[1])
local i = 7 + batches
while i <= #ARGV do
  local count = tonumber(ARGV[i + 1])
  hold(ARGV[i], i + 2, i + 1 + count, now)
  i = i + 2 + count
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[4]))) do drop(name) end
while tonumber(redis.call('HGET', KEYS[4], '') or 0) > tonumber(ARGV[2]) do
  local oldest = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
  if not oldest then break end
  drop(oldest)
end
return 1`;

/** KEYS: waiting, their bytes. ARGV: ids. */
const forget = `
for _, id in ipairs(ARGV) do
  local found = redis.call('XRANGE', KEYS[1], id, id)[1]
  if found and redis.call('XDEL', KEYS[1], id) == 1 then redis.call('DECRBY', KEYS[2], #found[2][2]) end
end`;

export function createPushedLogs({ redis, keyspace, ...bounds }: PushedLogsOptions): PushedLogs {
  const { waiting, waitingBytes, containers, sizes, prefix } = keysOf(keyspace);
  return {
    async append(lines) {
      if (lines.length === 0) return;
      const batches = bounds.mostWaiting === 0 ? [] : batchesOf(lines).map((some) => JSON.stringify(some));
      const held = [...Map.groupBy(lines, originKey)].flatMap(([name, some]) => [
        name,
        some.length,
        ...some.map(textOf),
      ]);
      const limits = [bounds.mostWaiting, bounds.mostKept, mostOfOne, bounds.keepSeconds];
      const args = [...limits, prefix, batches.length, ...batches, ...held];
      const kept = await ask(() => redis.eval(append, 4, waiting, waitingBytes, containers, sizes, ...args));
      if (kept === 0) throw behind();
    },
    async take(most) {
      const found = await ask(() => redis.xrange(waiting, '-', '+', 'COUNT', most));
      return found.map(([id, [, text = '']]) => ({ id, lines: parseStored({ key: waiting, text, schema: Lines }) }));
    },
    async forget(ids) {
      if (ids.length > 0) await ask(() => redis.eval(forget, 2, waiting, waitingBytes, ...ids));
    },
  };
}

/** The last lines that collectors have sent of each container, also of pods that are gone. */
export function createPushedLogSource({ redis, keyspace }: Pick<PushedLogsOptions, 'redis' | 'keyspace'>): LogSource {
  const { containers, prefix } = keysOf(keyspace);

  async function linesOf(name: string): Promise<readonly ReadLine[]> {
    const texts = await ask(() => redis.lrange(`${prefix}${name}`, 0, -1));
    return texts.map((text) => ({ ...originOf(name), ...lineOf(text) }));
  }

  return {
    id: 'pushed',
    async read(query) {
      try {
        const names = await ask(() => redis.zrange(containers, '0', '-1'));
        const found: ReadLine[] = [];
        for (const name of names.filter((one) => isAsked(originOf(one), query))) found.push(...(await linesOf(name)));
        return chooseLines(found, query);
      } catch (cause) {
        throw new LifeguardError(describeError(cause), { code: 'logs-unreachable', retry: 'transient', cause });
      }
    },
  };
}

function keysOf(keyspace: Keyspace) {
  return {
    waiting: keyspace.key('pushed-waiting'),
    waitingBytes: keyspace.key('pushed-waiting-bytes'),
    containers: keyspace.key('pushed-containers'),
    sizes: keyspace.key('pushed-sizes'),
    prefix: keyspace.key('pushed-lines', ''),
  };
}

function batchesOf(lines: readonly ReadLine[]): readonly (readonly ReadLine[])[] {
  const count = Math.ceil(lines.length / batchLines);
  return Array.from({ length: count }, (_, index) => lines.slice(index * batchLines, (index + 1) * batchLines));
}

/** The way back from `originKey`: no name in Kubernetes has a slash. */
function originOf(name: string): LogOrigin {
  const [namespace = '', pod = '', container = ''] = name.split('/');
  return { namespace, pod, container };
}

function isAsked({ namespace, pod, container }: LogOrigin, query: LogQuery): boolean {
  if (namespace !== query.namespace || !query.pods.includes(pod)) return false;
  return query.container === undefined || query.container === container;
}

function textOf({ at, text }: ReadLine): string {
  return `${at} ${text}`;
}

function lineOf(stored: string): { readonly at: number; readonly text: string } {
  const space = stored.indexOf(' ');
  return { at: Number(stored.slice(0, space)), text: stored.slice(space + 1) };
}

function behind(): LifeguardError {
  return new LifeguardError('Too many lines wait to be read; send them again later.', {
    code: 'store-full',
    retry: 'rate-limited',
    retryAfterMs,
  });
}
