import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { describeError, LifeguardError } from '../core/errors.ts';
import type { WorkQueue } from '../core/ports/work-queue.ts';
import { jobOptions, prefixOf, type QueueName } from './queues.ts';

interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

export interface WorkQueueHandle extends WorkQueue {
  depth(): Promise<QueueDepth>;
  close(): Promise<void>;
}

interface WorkQueueOptions {
  /** An open connection that refuses commands while Redis is away; it is shared, not closed here. */
  readonly redis: Redis;
  readonly cluster: string;
}

/** Asks for work through BullMQ. While Redis is away it fails at once instead of waiting. */
export function createWorkQueue({ redis, cluster }: WorkQueueOptions): WorkQueueHandle {
  const open = (name: QueueName): Queue => {
    const queue = new Queue(name, {
      connection: redis,
      prefix: prefixOf(cluster),
      skipWaitingForReady: true,
      defaultJobOptions: jobOptions,
    });
    queue.on('error', () => undefined);
    return queue;
  };
  const executions = open('executions');
  const reports = open('reports');
  return {
    execute: (proposalId) => add(executions, { proposalId }, proposalId),
    report: (incidentId, version) => add(reports, { incidentId, version }, `${incidentId}-${version}`),
    async depth() {
      const counts = await Promise.all(
        [executions, reports].map((queue) => queue.getJobCounts('waiting', 'delayed', 'active', 'failed')),
      );
      const sum = (...states: readonly string[]): number =>
        counts.flatMap((one) => states.map((state) => one[state] ?? 0)).reduce((a, b) => a + b, 0);
      return { waiting: sum('waiting', 'delayed'), active: sum('active'), failed: sum('failed') };
    },
    async close() {
      await Promise.all([executions.close(), reports.close()]);
    },
  };
}

/** The job's id makes asking twice one. */
async function add(queue: Queue, data: object, jobId: string): Promise<void> {
  try {
    await queue.add(queue.name, data, { jobId });
  } catch (error) {
    throw new LifeguardError(`Redis did not take the job (${describeError(error)}).`, {
      code: 'store-unreachable',
      retry: 'transient',
      cause: error,
    });
  }
}
