import { describe, expect, it } from 'vitest';
import { done } from '../../src/core/outcome.ts';
import { openQueue, openWorkers } from '../support/jobs.ts';
import { openTestRedis } from '../support/redis.ts';

describe('workers that are stopped', () => {
  it('end what they began, and lose nothing that is asked for meanwhile', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const begun: string[] = [];
    const execute = async (id: string) => {
      begun.push(id);
      await gate.promise;
      ended.push(id);
      return done;
    };
    const { workers } = await openWorkers(store, { execute });
    await queue.execute('p1');
    await expect.poll(() => begun).toEqual(['p1']);
    const stopped = workers.stop();
    await queue.execute('p2');
    gate.resolve();
    await stopped;
    expect(ended).toEqual(begun);
    expect((await queue.depth()).active).toBe(0);
    await openWorkers(store, { execute });
    await expect.poll(() => ended).toEqual(['p1', 'p2']);
  });

  it('can be stopped twice', async () => {
    const store = await openTestRedis();
    const { workers } = await openWorkers(store, { execute: async () => done });
    await Promise.all([workers.stop(), workers.stop()]);
    await expect(workers.stop()).resolves.toBeUndefined();
  });
});

describe('the sweep', () => {
  it('comes again and again, also after one that failed, once for all workers', async () => {
    const store = await openTestRedis();
    const swept: number[] = [];
    async function sweep(): Promise<void> {
      swept.push(performance.now());
      if (swept.length === 1) throw new Error('Redis went away');
    }
    const [one, other] = [await openWorkers(store, { sweep }), await openWorkers(store, { sweep })];
    await expect.poll(() => swept.length).toBeGreaterThanOrEqual(8);
    // Seven times half a second; one each for two workers would be three times.
    expect((swept[7] ?? 0) - (swept[0] ?? 0)).toBeGreaterThan(2_000);
    expect([...one.log, ...other.log]).toMatchObject([{ fields: { queue: 'sweeps', problem: 'Redis went away' } }]);
  });
});
