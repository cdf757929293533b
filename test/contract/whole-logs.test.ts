import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWholeLogs } from '../../src/platform/redis/whole-logs.ts';
import { createFakeWholeLogs } from '../support/fakes/whole-logs.ts';
import { age, openTestRedis } from '../support/redis.ts';
import { describeWholeLogs } from './whole-logs.ts';

describe('the fake keeper of long logs', () => {
  describeWholeLogs(async () => createFakeWholeLogs(3));
});

describe('long logs in Redis', () => {
  const bounds = { keepMs: 60_000, most: 3 };

  describeWholeLogs(async () => createWholeLogs({ ...(await openTestRedis()), ...bounds }));

  it('are forgotten after a while', async () => {
    const store = await openTestRedis();
    const logs = createWholeLogs({ ...store, ...bounds });
    await logs.keep('a', 'one');
    await age(store, 60_000);
    expect(await logs.read('a')).toBeUndefined();
  });

  it('take a quarter of a megabyte at most: of one that cannot be packed, the newest lines stay', async () => {
    const store = await openTestRedis();
    const logs = createWholeLogs({ ...store, ...bounds });
    const lines = Array.from({ length: 1_000 }, () => randomBytes(500).toString('hex'));
    await logs.keep('a', lines.join('\n'));
    const kept = (await logs.read('a'))?.split('\n') ?? [];
    expect(kept).toEqual(lines.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(100);
    const size = await store.redis.hstrlen(store.keyspace.key('whole-logs'), 'a');
    expect(size).toBeLessThanOrEqual(256 * 1024);
  });
});
