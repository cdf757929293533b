import type { ConnectionOptions, JobsOptions } from 'bullmq';
import { z } from 'zod';

/** The queues and what their jobs carry: ids, never state. */
export const queues = {
  executions: z.object({ proposalId: z.string() }),
  deliveries: z.object({ channel: z.string() }),
  explanations: z.object({ incidentId: z.string() }),
  sweeps: z.object({}),
} as const;

export type QueueName = keyof typeof queues;

/** Practically for ever: a cluster or a Slack that is away for an hour only delays. */
const attempts = 1_000_000;

/** Finished jobs leave nothing behind; what happened is in the records. So asking again always means doing again. */
export const jobOptions: JobsOptions = {
  attempts,
  backoff: { type: 'capped' },
  removeOnComplete: true,
  removeOnFail: true,
};

/** Longest wait between two attempts of a failing job, milliseconds. */
const longestBackoffMs = 30_000;

/** Milliseconds to wait after so many failures: 0.5 s after the first, then doubled, at most 30 s; less up to a quarter. `chance` is from 0 to 1. */
export function backoffOf(failures: number, chance: number): number {
  const full = Math.min(500 * 2 ** Math.min(failures - 1, 10), longestBackoffMs);
  return Math.round(full * (0.75 + chance / 4));
}

/** BullMQ's own keys live beside the records: `lg:<cluster>:jobs:…`. */
export function prefixOf(cluster: string): string {
  return `lg:${cluster}:jobs`;
}

/** For working: blocks and reconnects for ever, as BullMQ's workers need. */
export function workingConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}
