import { onTestFinished } from 'vitest';
import { createWorkQueue, type WorkQueueHandle } from '../../src/jobs/work-queue.ts';
import { startWorkers, type Workers, type WorkersOptions } from '../../src/jobs/workers.ts';
import { createDeliverySchedule } from '../../src/platform/redis/delivery-schedule.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import type { TestRedis } from './redis.ts';

interface Line {
  readonly severity: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A machine that is busy may keep a living worker from renewing its lock for a second or two. */
export const lockMs = 5_000;

/** The queues of a store, until the test ends. */
export function openQueue({ redis, cluster }: Pick<TestRedis, 'redis' | 'cluster'>): WorkQueueHandle {
  const schedule = createDeliverySchedule(redis, createKeyspace(cluster));
  const queue = createWorkQueue({ redis, cluster, schedule });
  onTestFinished(() => queue.close());
  return queue;
}

/** Workers on the queues of a store, without jitter, and what they tell whoever runs them. Stopped when the test ends. */
export async function openWorkers(
  { url, cluster }: Pick<TestRedis, 'url' | 'cluster'>,
  tasks: WorkersOptions['tasks'],
): Promise<{ readonly workers: Workers; readonly log: readonly Line[] }> {
  const log: Line[] = [];
  const note =
    (severity: string) =>
    (message: string, fields: Line['fields'] = {}): void =>
      void log.push({ severity, message, fields });
  const workers = await startWorkers({
    redisUrl: url,
    cluster,
    tasks,
    random: () => 0,
    lockMs,
    sweepEveryMs: 500,
    log: { debug() {}, info: note('info'), warn: note('warn'), error: note('error') },
  });
  onTestFinished(() => workers.stop());
  return { workers, log };
}
