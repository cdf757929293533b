import { Redis } from 'ioredis';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';

/** A command that has not been answered by then counts as lost, milliseconds. */
const commandTimeoutMs = 5_000;

/** Longest wait between two attempts to connect, milliseconds. */
const longestRetryMs = 2_000;

/** One connection that fails fast: while Redis is away a command is refused, not queued. */
export function connectRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), longestRetryMs),
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away)
      log.warn('Redis is away; what needs it waits', { problem: describeError(error), redis: describeUrl(url) });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back', { redis: describeUrl(url) });
    away = false;
  });
  return redis;
}

/** Connects once, so that a wrong address is one clear sentence at start. */
export async function openRedis(redis: Redis, url: string): Promise<void> {
  let reason: unknown;
  redis.once('error', (error: unknown) => {
    reason = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw unreachable(url, reason ?? error);
  }
}

/** The address without its password. */
function describeUrl(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'the address in REDIS_URL';
  }
}

function unreachable(url: string, cause: unknown): LifeguardError {
  const why = describeError(cause).replace(/\.$/, '');
  return new LifeguardError(`Redis at ${describeUrl(url)} does not answer (${why}). Start it, or set REDIS_URL.`, {
    code: 'store-unreachable',
    retry: 'transient',
    cause,
  });
}

/** Runs a command; every failure is a `store-unreachable`. */
export async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LifeguardError) throw error;
    throw new LifeguardError(`Redis did not answer (${describeError(error)}).`, {
      code: 'store-unreachable',
      retry: 'transient',
      cause: error,
    });
  }
}

/** What is wrong with the server's settings for a record that must last; empty when nothing is. */
export async function checkRedis(redis: Redis): Promise<readonly string[]> {
  const [persistence, memory] = await ask(() => Promise.all([redis.info('persistence'), redis.info('memory')]));
  const problems: string[] = [];
  if (!persistence.includes('aof_enabled:1')) {
    problems.push(
      'Redis keeps no append-only file (appendonly no): a crash of Redis may lose incidents and approvals. Set appendonly yes.',
    );
  }
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    problems.push(`Redis may evict records (maxmemory-policy ${policy}). Set maxmemory-policy noeviction.`);
  }
  return problems;
}
