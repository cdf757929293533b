import { describe, expect, it } from 'vitest';
import { createPushedLogSource, createPushedLogs } from '../../src/platform/redis/pushed-logs.ts';
import { createFakePushedLogs } from '../support/fakes/pushed-logs.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { aLine, describePushedLogs } from './pushed-logs.ts';

const bounds = { mostWaiting: 10_000_000, mostKept: 10_000_000, keepSeconds: 3_600 };

async function openStore(more: Partial<typeof bounds> = {}) {
  const { redis, keyspace } = await openTestRedis();
  const logs = createPushedLogs({ redis, keyspace, ...bounds, ...more });
  return { redis, keyspace, logs, source: createPushedLogSource({ redis, keyspace }) };
}

const query = { namespace: 'shop', pods: ['web-1', 'web-2', 'web-3'], from: 0, to: 10_000, limit: 100_000 };

describe('the fake store of pushed lines', () => {
  describePushedLogs(async () => createFakePushedLogs({ mostWaiting: 10_000 }));
});

describe('a store of pushed lines in Redis', () => {
  describePushedLogs(() => openStore({ mostWaiting: 10_000 }));

  it('keeps the last 256 kB of a container', async () => {
    const { logs, source } = await openStore();
    const many = Array.from({ length: 4_000 }, (_, index) => aLine(`${index} ${'x'.repeat(95)}`));
    await logs.append(many.slice(0, 2_000));
    await logs.append(many.slice(2_000));
    const kept = await source.read(query);
    expect(kept.length).toBeGreaterThan(2_400);
    expect(kept.length).toBeLessThan(2_700);
    expect(kept.at(-1)?.text).toMatch(/^3999 /);
  });

  it('lets the containers go that were silent longest, where all together are too much', async () => {
    const { redis, keyspace, logs, source } = await openStore({ mostKept: 5_000 });
    await logs.append([aLine('x'.repeat(2_000))]);
    await redis.zadd(keyspace.key('pushed-containers'), 1_000_000_000_000, 'shop/web-1/app');
    for (const pod of ['web-2', 'web-3']) await logs.append([aLine('y'.repeat(2_000), { pod })]);
    expect((await source.read(query)).map(({ pod }) => pod).toSorted()).toEqual(['web-1', 'web-3']);
    await redis.zadd(keyspace.key('pushed-containers'), 1, 'shop/web-1/app');
    await logs.append([aLine('z', { pod: 'web-3' })]);
    expect((await source.read(query)).map(({ pod }) => pod)).toEqual(['web-3', 'web-3']);
    expect((await redis.keys(keyspace.key('pushed-lines', '*'))).length).toBe(1);
    expect(Number(await redis.hget(keyspace.key('pushed-sizes'), ''))).toBeLessThan(2_100);
  });

  it('keeps nothing for a reader where there is none', async () => {
    const { logs, source } = await openStore({ mostWaiting: 0 });
    await logs.append([aLine('one')]);
    expect(await logs.take(10)).toEqual([]);
    expect(await source.read(query)).toEqual([aLine('one')]);
  });

  it('counts what waits after a restart too', async () => {
    const { redis, keyspace, logs } = await openStore({ mostWaiting: 3_000 });
    await logs.append([aLine('x'.repeat(2_000))]);
    const again = createPushedLogs({ redis, keyspace, ...bounds, mostWaiting: 3_000 });
    expect((await failureOf(again.append([aLine('y'.repeat(2_000))]))).code).toBe('store-full');
    await again.forget((await again.take(1)).map(({ id }) => id));
    await again.append([aLine('y'.repeat(2_000))]);
    expect(await redis.get(keyspace.key('pushed-waiting-bytes'))).toMatch(/^20\d\d$/);
  });

  it('says that Redis is away', async () => {
    const { redis, logs, source } = await openStore();
    redis.disconnect();
    expect((await failureOf(logs.append([aLine('one')]))).code).toBe('store-unreachable');
    expect((await failureOf(source.read(query))).code).toBe('logs-unreachable');
  });
});
