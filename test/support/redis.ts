import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';
import { connectRedis, openRedis } from '../../src/platform/redis/connection.ts';
import { createKeyspace, type Keyspace } from '../../src/platform/redis/keyspace.ts';

export interface TestRedis {
  readonly url: string;
  readonly redis: Redis;
  /** A cluster name that no other test uses. */
  readonly cluster: string;
  readonly keyspace: Keyspace;
}

export const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** An open connection to the run's Redis, with keys of its own; closed when the test ends. */
export async function openTestRedis(): Promise<TestRedis> {
  const url = inject('redisUrl');
  const redis = connectRedis(url, quiet);
  await openRedis(redis, url);
  onTestFinished(() => redis.disconnect());
  const cluster = `test-${randomUUID()}`;
  return { url, redis, cluster, keyspace: createKeyspace(cluster) };
}

/** Lets time pass for everything under the test's keys: what expires is that much older, and so are its token buckets. */
export async function age({ redis, keyspace }: TestRedis, ms: number): Promise<void> {
  for (const key of await redis.keys(keyspace.key('*'))) {
    const left = await redis.pttl(key);
    if (left > 0) await redis.pexpire(key, left - ms);
    if (left > ms && key.startsWith(keyspace.key('bucket'))) await redis.hincrbyfloat(key, 'at', -ms);
  }
}
