import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { describeError, LifeguardError } from '../core/errors.ts';
import type { DeliverySchedule } from '../core/ports/delivery-schedule.ts';
import type { WorkQueue } from '../core/ports/work-queue.ts';
import { jobOptions, prefixOf, type QueueName } from './queues.ts';

interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

export interface WorkQueueHandle extends WorkQueue {
  /** Look at a channel: something may wait for it. */
  deliver(channel: string): Promise<void>;
  depth(): Promise<QueueDepth>;
  close(): Promise<void>;
}

interface WorkQueueOptions {
  /** An open connection that refuses commands while Redis is away; it is shared, not closed here. */
  readonly redis: Redis;
  readonly cluster: string;
  /** Where it is written down what waits for which channel. */
  readonly schedule: Pick<DeliverySchedule, 'mark'>;
}

/** Asks for work through BullMQ. While Redis is away it fails at once instead of waiting. */
export function createWorkQueue({ redis, cluster, schedule }: WorkQueueOptions): WorkQueueHandle {
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
  const deliveries = open('deliveries');
  const explanations = open('explanations');
  const deliver = (channel: string): Promise<void> => add(deliveries, { channel }, oneAtATime(channel));
  return {
    deliver,
    execute: (proposalId) => add(executions, { proposalId }, { jobId: proposalId }),
    explain: (incidentId) => add(explanations, { incidentId }, oneAtATime(incidentId)),
    async report({ id: incidentId, version, channel }) {
      await schedule.mark({ channel, incidentId, version });
      await deliver(channel);
    },
    async depth() {
      const counts = await Promise.all(
        [executions, deliveries].map((queue) => queue.getJobCounts('waiting', 'delayed', 'active', 'failed')),
      );
      const sum = (...states: readonly string[]): number =>
        counts.flatMap((one) => states.map((state) => one[state] ?? 0)).reduce((a, b) => a + b, 0);
      return { waiting: sum('waiting', 'delayed'), active: sum('active'), failed: sum('failed') };
    },
    async close() {
      await Promise.all([executions, deliveries, explanations].map((queue) => queue.close()));
    },
  };
}

/** One job for a channel or an incident: one that waits for later is done now, and while one runs, one more is kept for after it. */
function oneAtATime(id: string): JobsOptions {
  return { deduplication: { id, keepLastIfActive: true, reschedule: true } };
}

/** `options` make asking twice one. */
async function add(queue: Queue, data: object, options: JobsOptions): Promise<void> {
  try {
    await queue.add(queue.name, data, options);
  } catch (error) {
    throw new LifeguardError(`Redis did not take the job (${describeError(error)}).`, {
      code: 'store-unreachable',
      retry: 'transient',
      cause: error,
    });
  }
}
