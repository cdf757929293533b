import { Redis } from 'ioredis';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';

/** A command that has not been answered by then counts as lost, milliseconds. */
const commandTimeoutMs = 5_000;

/** Longest wait between two attempts to connect, milliseconds. */
const longestRetryMs = 2_000;

/** One connection that fails fast: while Redis is away a command is refused, not queued. Throws `config-invalid` for what is no address. */
export function connectRedis(url: string, log: Log): Redis {
  checkUrl(url);
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

/** Connects once, so that a wrong address, password or database is one clear sentence at start. */
export async function openRedis(redis: Redis, url: string): Promise<void> {
  let reason: unknown;
  redis.once('error', (error: unknown) => {
    reason = error;
  });
  const failure = await redis.connect().then(
    () => undefined,
    (error: unknown) => ({ cause: reason ?? error }),
  );
  const cause = failure === undefined ? reason : failure.cause;
  if (cause === undefined) return;
  redis.disconnect();
  throw refused(url, cause) ?? unreachable(url, cause);
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

function checkUrl(url: string): void {
  if (URL.canParse(url) && ['redis:', 'rediss:'].includes(new URL(url).protocol)) return;
  throw invalid('REDIS_URL is not the address of a Redis; write it as redis://[user:password@]host:port[/database].');
}

/** It answers, but not to us, and only another address helps. */
function refused(url: string, cause: unknown): LifeguardError | undefined {
  const text = describeError(cause);
  const place = `Redis at ${describeUrl(url)}`;
  if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/.test(text))
    return invalid(`${place} does not accept the user or password; correct them in REDIS_URL.`, cause);
  if (text.includes('DB index'))
    return invalid(`${place} has no such database; correct its number in REDIS_URL.`, cause);
  return undefined;
}

function invalid(message: string, cause?: unknown): LifeguardError {
  return new LifeguardError(message, { code: 'config-invalid', retry: 'permanent', cause });
}

function sentenceOf(cause: unknown): string {
  return describeError(cause).replace(/\.$/, '');
}

function unreachable(url: string, cause: unknown): LifeguardError {
  return new LifeguardError(
    `Redis at ${describeUrl(url)} does not answer (${sentenceOf(cause)}). Start it, or set REDIS_URL.`,
    {
      code: 'store-unreachable',
      retry: 'transient',
      cause,
    },
  );
}

/** Runs a command; every failure is a `store-unreachable`. */
export async function ask<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LifeguardError) throw error;
    throw new LifeguardError(`Redis did not answer (${describeCause(error)}).`, {
      code: 'store-unreachable',
      retry: 'transient',
      cause: error,
    });
  }
}

/** A command that was not even sent is ioredis's way to say that there is no connection. */
function describeCause(error: unknown): string {
  const why = describeError(error).replace(/\.$/, '');
  return why.startsWith("Stream isn't writeable") ? 'there is no connection to it at the moment' : why;
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
