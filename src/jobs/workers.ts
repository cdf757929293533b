import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { z } from 'zod';
import { describeError, LifeguardError } from '../core/errors.ts';
import type { Outcome } from '../core/outcome.ts';
import { done } from '../core/outcome.ts';
import type { Log } from '../core/ports/log.ts';
import { backoffOf, jobOptions, prefixOf, type QueueName, queues, workingConnection } from './queues.ts';

/** What this process works on; a queue without a task is left to others. */
interface Tasks {
  readonly execute?: (proposalId: string) => Promise<Outcome>;
  readonly deliver?: (channel: string) => Promise<Outcome>;
  readonly explain?: (incidentId: string) => Promise<Outcome>;
  /** Asks again for what was written down but never queued. */
  readonly sweep?: () => Promise<void>;
}

export interface WorkersOptions {
  readonly redisUrl: string;
  readonly cluster: string;
  readonly log: Log;
  readonly tasks: Tasks;
  /** Told of a job that failed for good. */
  readonly onDropped?: (queue: QueueName) => void;
  /** Numbers from 0 to 1, for jitter. */
  readonly random: () => number;
  /** A worker that has not renewed its lock for so long is taken for dead, milliseconds. */
  readonly lockMs?: number;
  /** Time between two sweeps, milliseconds. */
  readonly sweepEveryMs?: number;
}

export interface Workers {
  /** Waits for running jobs, at most ten seconds. */
  stop(): Promise<void>;
}

const concurrency = 10;
const defaultLockMs = 10_000;
const defaultSweepEveryMs = 15_000;
const stopWithinMs = 10_000;

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { tasks } = options;
  const { execute, deliver, explain, sweep } = tasks;
  const workers: Worker[] = [];
  function work<T>(name: QueueName, schema: z.ZodType<T>, run: Duty<T>['run']): Worker {
    return startWorker({ name, schema, run }, options);
  }
  if (execute !== undefined)
    workers.push(work('executions', queues.executions, ({ proposalId }) => execute(proposalId)));
  if (deliver !== undefined) workers.push(work('deliveries', queues.deliveries, ({ channel }) => deliver(channel)));
  if (explain !== undefined)
    workers.push(work('explanations', queues.explanations, ({ incidentId }) => explain(incidentId)));
  if (sweep !== undefined) {
    workers.push(work('sweeps', queues.sweeps, () => sweep().then(() => done)));
    await scheduleSweeps(options);
  }
  return { stop: () => stopAll(workers) };
}

/** What is done with the jobs of one queue. */
interface Duty<T> {
  readonly name: QueueName;
  readonly schema: z.ZodType<T>;
  readonly run: (payload: T) => Promise<Outcome>;
}

function startWorker<T>(duty: Duty<T>, options: WorkersOptions): Worker {
  const { name } = duty;
  const lockDuration = options.lockMs ?? defaultLockMs;
  const worker = new Worker(name, (job, token) => runJob(job, token, duty), {
    connection: workingConnection(options.redisUrl),
    prefix: prefixOf(options.cluster),
    concurrency,
    lockDuration,
    stalledInterval: lockDuration / 2,
    maxStalledCount: 1_000,
    settings: { backoffStrategy: (failures) => backoffOf(failures, options.random()) },
  });
  worker.on('error', (error) =>
    options.log.debug('a worker is in trouble and goes on', { queue: name, problem: describeError(error) }),
  );
  worker.on('failed', (job, error) => {
    const level = error instanceof UnrecoverableError ? 'error' : 'warn';
    if (level === 'error') options.onDropped?.(name);
    options.log[level](level === 'error' ? 'a job failed for good' : 'a job failed and will be tried again', {
      queue: name,
      job: job?.id,
      problem: describeError(error),
    });
  });
  return worker;
}

/** "Again later" keeps the same job, so that asking meanwhile stays one and a crash does not lose it. */
async function runJob<T>(job: Job, token: string | undefined, { schema, run }: Duty<T>): Promise<void> {
  const payload = schema.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError('What the job carries does not fit its queue.');
  const outcome = await run(payload.data).catch(translate);
  if ('done' in outcome) return;
  await job.moveToDelayed(Date.now() + outcome.againInMs, token);
  throw new DelayedError();
}

/** What a failure means to the queue: wait as told, give up, or (any other) try again with back-off. */
function translate(error: unknown): Outcome {
  if (error instanceof LifeguardError && error.retry === 'rate-limited')
    return { againInMs: error.retryAfterMs ?? 30_000 };
  if (error instanceof LifeguardError && error.retry === 'permanent') throw new UnrecoverableError(error.message);
  throw error;
}

async function scheduleSweeps({ redisUrl, cluster, sweepEveryMs }: WorkersOptions): Promise<void> {
  const queue = new Queue('sweeps', {
    connection: workingConnection(redisUrl),
    prefix: prefixOf(cluster),
    defaultJobOptions: jobOptions,
  });
  queue.on('error', () => undefined);
  await queue.upsertJobScheduler(
    'sweep',
    { every: sweepEveryMs ?? defaultSweepEveryMs },
    { name: 'sweep', opts: { ...jobOptions, attempts: 1 } },
  );
  await queue.close();
}

async function stopAll(workers: readonly Worker[]): Promise<void> {
  const closed = Promise.all(workers.map((worker) => worker.close()));
  const { promise: overdue, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, stopWithinMs);
  await Promise.race([closed, overdue]);
  clearTimeout(timer);
}
