import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../../demo/redis.ts';
import { done } from '../../src/core/outcome.ts';
import { connectRedis, openRedis } from '../../src/platform/redis/connection.ts';
import { lockMs, openQueue, openWorkers } from '../support/jobs.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { privateRedis } from '../support/lifeguard.ts';
import { openTestRedis, quiet, type TestRedis } from '../support/redis.ts';

const idle = { waiting: 0, active: 0, failed: 0 };

/** A Redis of the test's own that can be taken away and brought back with its data, and a connection to it. */
async function mortalRedis() {
  const first = await privateRedis();
  const { url, folder } = first;
  let server: RedisServer = first;
  onTestFinished(() => server.stop());
  const redis = connectRedis(url, quiet);
  await openRedis(redis, url);
  onTestFinished(() => redis.disconnect());
  const back = async () => {
    server = await startRedis({ path: process.env['PATH'] ?? '', folder, port: Number(new URL(url).port) });
    await expect.poll(() => redis.status).toBe('ready');
  };
  return { url, redis, cluster: 'test', away: () => server.stop(), back };
}

describe('while Redis is away', () => {
  it('asking fails at once, and says so', async () => {
    const store = await mortalRedis();
    const queue = openQueue(store);
    await queue.execute('p1');
    await store.away();
    await expect.poll(() => store.redis.status).not.toBe('ready');
    const before = performance.now();
    for (const asked of [queue.execute('p2'), queue.deliver('C_OPS')]) {
      const failure = await failureOf(asked);
      expect(failure).toMatchObject({ code: 'store-unreachable', retry: 'transient' });
      expect(failure.message).toMatch(/^Redis did not take the job \(.+\)\.$/);
    }
    await expect(queue.depth()).rejects.toThrow(/Stream|closed|Connection/);
    // A command that is waited for is given up after 5 s.
    expect(performance.now() - before).toBeLessThan(5_000);
    await store.back();
    await queue.execute('p2');
    expect((await queue.depth()).waiting).toBe(2);
  });

  it('nothing is lost that was asked for, and workers go on by themselves', async () => {
    const store = await mortalRedis();
    const queue = openQueue(store);
    const wanted = Array.from({ length: 20 }, (_, number) => `p${number}`);
    const ended: string[] = [];
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    await openWorkers(store, {
      async execute(id) {
        begun += 1;
        await gate.promise;
        ended.push(id);
        return done;
      },
    });
    for (const id of wanted) await queue.execute(id);
    await expect.poll(() => begun).toBe(10);
    await store.away();
    gate.resolve();
    await store.back();
    await expect.poll(() => queue.depth()).toEqual(idle);
    expect(new Set(ended)).toEqual(new Set(wanted));
    await queue.execute('p-after');
    await expect.poll(() => ended).toContain('p-after');
  });

  it('what waits for its time keeps it', async () => {
    const store = await mortalRedis();
    const queue = openQueue(store);
    const runs: number[] = [];
    await openWorkers(store, {
      async execute() {
        runs.push(performance.now());
        return runs.length === 1 ? { againInMs: 800 } : done;
      },
    });
    await queue.execute('p1');
    await expect.poll(() => queue.depth()).toEqual({ ...idle, waiting: 1 });
    await store.away();
    await store.back();
    await expect.poll(() => runs.length).toBe(2);
    expect((runs[1] ?? 0) - (runs[0] ?? 0)).toBeGreaterThanOrEqual(799);
  });
});

describe('a worker that is killed', () => {
  it('leaves its work to another, who does not touch it before', async () => {
    const store = await openTestRedis();
    const queue = openQueue(store);
    const victim = startVictim(store);
    const held = Array.from({ length: 10 }, (_, number) => `held-${number}`);
    for (const id of held) await queue.execute(id);
    await expect.poll(() => victim.taken.toSorted()).toEqual(held);

    const begun: string[] = [];
    const { log } = await openWorkers(store, {
      async execute(id) {
        begun.push(id);
        // Longer than a lock lasts that nobody renews.
        return begun.length === 1 ? { againInMs: 2 * lockMs } : done;
      },
    });
    await queue.execute('free');
    await expect.poll(() => begun).toEqual(['free', 'free']);
    victim.kill();
    await expect.poll(() => queue.depth()).toEqual(idle);
    expect(begun.slice(2).toSorted()).toEqual(held);
    expect(log.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

/** A worker process that takes as much as it can and never ends any of it. */
function startVictim({ url, cluster }: TestRedis) {
  const script = new URL('../support/job-worker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, url, cluster], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  onTestFinished(kill);
  const taken: string[] = [];
  createInterface(child.stdout).on('line', (id) => taken.push(id));
  return { taken, kill };
}
