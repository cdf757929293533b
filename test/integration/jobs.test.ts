import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../src/core/errors.ts';
import { done, type Outcome } from '../../src/core/outcome.ts';
import { jobOptions, prefixOf } from '../../src/jobs/queues.ts';
import { openQueue, openWorkers } from '../support/jobs.ts';
import { openTestRedis } from '../support/redis.ts';

const idle = { waiting: 0, active: 0, failed: 0 };

/** Queues, and workers whose executions end as the script says, one after the other, and then well. */
async function openScripted(script: readonly (Outcome | Error)[]) {
  const store = await openTestRedis();
  const runs: { readonly id: string; readonly at: number }[] = [];
  async function execute(id: string): Promise<Outcome> {
    const step = script[runs.length] ?? done;
    runs.push({ id, at: performance.now() });
    if (step instanceof Error) throw step;
    return step;
  }
  const queue = openQueue(store);
  const start = () => openWorkers(store, { execute });
  const gap = (nth: number): number => (runs[nth]?.at ?? Number.NaN) - (runs[nth - 1]?.at ?? Number.NaN);
  const settled = async () => {
    await expect.poll(() => queue.depth()).toEqual(idle);
  };
  return { store, queue, runs, start, gap, settled, ids: () => runs.map(({ id }) => id) };
}

function failure(retry: 'transient' | 'permanent' | 'conflict'): LifeguardError {
  return new LifeguardError(`It failed (${retry}).`, { code: 'cluster-rejected', retry });
}

function tooFast(retryAfterMs: number): LifeguardError {
  return new LifeguardError('Slower.', { code: 'channel-rate-limited', retry: 'rate-limited', retryAfterMs });
}

describe('an incident that a model is to look at', () => {
  it('is looked at once for fifty times that it is asked for, and once more for what comes while it is', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    const seen: string[] = [];
    const first = Promise.withResolvers<void>();
    await Promise.all(Array.from({ length: 50 }, () => queue.explain('inc-1')));
    await openWorkers(store, {
      async explain(id) {
        seen.push(id);
        if (seen.length === 1) await first.promise;
        return done;
      },
    });
    await expect.poll(() => seen).toEqual(['inc-1']);
    for (let time = 0; time < 5; time += 1) await queue.explain('inc-1');
    await queue.explain('inc-2');
    await expect.poll(() => seen).toEqual(['inc-1', 'inc-2']);
    first.resolve();
    await expect.poll(() => seen).toEqual(['inc-1', 'inc-2', 'inc-1']);
  });
});

describe('work asked for', () => {
  it('fifty times at once is done once', async () => {
    const { queue, start, ids, settled } = await openScripted([]);
    await Promise.all(Array.from({ length: 50 }, () => queue.execute('p1')));
    expect(await queue.depth()).toEqual({ ...idle, waiting: 1 });
    await start();
    await settled();
    expect(ids()).toEqual(['p1']);
  });

  it('is done once, however many could do it', async () => {
    const { queue, start, ids, settled } = await openScripted([]);
    const wanted = Array.from({ length: 40 }, (_, number) => `p${number}`);
    await Promise.all([start(), start(), start(), ...wanted.map((id) => queue.execute(id))]);
    await settled();
    expect(new Set(ids())).toEqual(new Set(wanted));
    expect(ids()).toHaveLength(wanted.length);
  });

  it('again after it was done is done again', async () => {
    const { queue, start, ids, settled } = await openScripted([]);
    await start();
    for (let round = 1; round <= 3; round += 1) {
      await queue.execute('p1');
      await expect.poll(() => ids().length).toBe(round);
      await settled();
    }
  });

  it('for a channel is done by one at a time, and once more for all that came meanwhile', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    const running: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let most = 0;
    const deliver = async (channel: string): Promise<Outcome> => {
      running.push(channel);
      most = Math.max(most, running.length - finished);
      await gates[running.length - 1]?.promise;
      finished += 1;
      return done;
    };
    let finished = 0;
    await Promise.all([openWorkers(store, { deliver }), openWorkers(store, { deliver })]);
    for (const version of [1, 2]) await queue.report({ id: 'inc-1', version, channel: 'C_OPS' });
    await expect.poll(() => running).toEqual(['C_OPS']);
    for (const version of [3, 4]) await queue.report({ id: 'inc-1', version, channel: 'C_OPS' });
    gates[0]?.resolve();
    await expect.poll(() => running.length).toBe(2);
    gates[1]?.resolve();
    await expect.poll(() => queue.depth()).toEqual(idle);
    expect([running.length, most]).toEqual([2, 1]);
  });

  it('for a channel that is to be looked at later is done at once when something comes', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    const looks: number[] = [];
    await openWorkers(store, {
      deliver: async () => {
        looks.push(performance.now());
        return looks.length < 3 ? { againInMs: 60_000 } : done;
      },
    });
    for (let look = 1; look <= 3; look += 1) {
      await queue.deliver('C_OPS');
      await expect.poll(() => looks.length).toBe(look);
      await expect.poll(() => queue.depth().then(({ active }) => active)).toBe(0);
    }
    await expect.poll(() => queue.depth()).toEqual(idle);
  });

  it('is left to others where this process has no task for it', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    await queue.execute('p1');
    const told: string[] = [];
    await openWorkers(store, {
      deliver: async (channel) => {
        told.push(channel);
        return done;
      },
    });
    await queue.deliver('C_OPS');
    await expect.poll(() => told).toEqual(['C_OPS']);
    expect((await queue.depth()).waiting).toBe(1);
  });

  it('is not seen by another cluster on the same Redis', async () => {
    const { queue, ids } = await openScripted([]);
    const other = await openScripted([]);
    await queue.execute('p1');
    await other.start();
    await other.queue.execute('p2');
    await other.settled();
    expect([other.ids(), ids()]).toEqual([['p2'], []]);
  });
});

describe('work that ends', () => {
  it('with "again" is done again after that time, and stays one', async () => {
    const { queue, start, ids, gap, settled } = await openScripted([{ againInMs: 2_000 }, { againInMs: 50 }]);
    await queue.execute('p1');
    await start();
    await expect.poll(() => queue.depth()).toEqual({ ...idle, waiting: 1 });
    await Promise.all(Array.from({ length: 50 }, () => queue.execute('p1')));
    await settled();
    expect(ids()).toEqual(['p1', 'p1', 'p1']);
    expect(gap(1)).toBeGreaterThanOrEqual(1_999);
    expect(gap(2)).toBeGreaterThanOrEqual(49);
  });

  it('with a rate limit waits as long as it was told, which is no failure', async () => {
    const script = [...[120, 60, 5, 5, 5].map(tooFast), failure('transient')];
    const { queue, start, ids, gap, settled } = await openScripted(script);
    await queue.execute('p1');
    const { log } = await start();
    await settled();
    expect(ids()).toHaveLength(7);
    expect(gap(1)).toBeGreaterThanOrEqual(119);
    expect(gap(2)).toBeGreaterThanOrEqual(59);
    expect(log.map(({ message }) => message)).toEqual(['a job failed and will be tried again']);
    // The back-off after the one failure is the first one, 0.5 s less a quarter of jitter; the sixth is 16 s less a quarter.
    expect(gap(6)).toBeGreaterThanOrEqual(374);
    expect(gap(6)).toBeLessThan(10_000);
  });

  it('with a failure that may pass is tried again, later each time', async () => {
    const failures = [failure('transient'), failure('conflict'), new Error('a bug')];
    const { queue, start, ids, gap, settled } = await openScripted(failures);
    await queue.execute('p1');
    const { log } = await start();
    await settled();
    expect(ids()).toHaveLength(4);
    expect([1, 2, 3].map((nth) => gap(nth) >= 375 * 2 ** (nth - 1) - 1)).toEqual([true, true, true]);
    expect(log.map(({ severity, fields }) => [severity, fields['problem'], fields['job']])).toEqual([
      ['warn', 'It failed (transient).', 'p1'],
      ['warn', 'It failed (conflict).', 'p1'],
      ['warn', 'a bug', 'p1'],
    ]);
  });

  it('with a failure that cannot pass is not tried again, but may be asked for again', async () => {
    const { queue, start, ids, settled } = await openScripted([failure('permanent')]);
    await queue.execute('p1');
    const { log } = await start();
    await settled();
    expect(ids()).toEqual(['p1']);
    expect(log).toMatchObject([
      { severity: 'error', fields: { queue: 'executions', problem: 'It failed (permanent).' } },
    ]);
    await queue.execute('p1');
    await settled();
    expect(ids()).toEqual(['p1', 'p1']);
  });

  it.each([{}, { proposalId: 7 }, { incidentId: 'inc-1', version: 1 }, 'p1', null])(
    'before it began, because it carries %j, is refused for good',
    async (data) => {
      const { store, queue, start, ids, settled } = await openScripted([]);
      const { redis, cluster } = store;
      const stranger = new Queue('executions', { connection: redis, prefix: prefixOf(cluster) });
      await stranger.add('executions', data, { jobId: 'p1', ...jobOptions });
      const { log } = await start();
      await settled();
      expect(ids()).toEqual([]);
      expect(log).toMatchObject([{ severity: 'error', fields: { queue: 'executions', job: 'p1' } }]);
      expect(log[0]?.fields['problem']).toContain('does not fit');
      await queue.execute('p1');
      await settled();
      expect(ids()).toEqual(['p1']);
      await stranger.close();
    },
  );
});
