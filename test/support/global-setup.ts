import type { TestProject } from 'vitest/node';
import { type RedisServer, startRedis } from '../../demo/redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Redis for the whole run; each test uses keys of its own. */
    readonly redisUrl: string;
  }
}

let redis: RedisServer | undefined;

export async function setup(project: TestProject): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(`The tests need Node 24; this is ${process.version}. Use npm test, which brings its own.`);
  }
  redis = await startRedis({ url: process.env['REDIS_URL'], path: process.env['PATH'] ?? '' });
  project.provide('redisUrl', redis.url);
}

export async function teardown(): Promise<void> {
  await redis?.stop();
}
