import { z } from 'zod';
import { Chart } from './chart.ts';

/** A log as long as it was when it was read, which is kept for a while apart from the incident. */
export const WholeLog = z.object({
  /** Under which it is kept: the digest of its text. */
  id: z.string(),
  /** What it is called as a file: workload, container, run and when it was read. */
  file: z.string(),
  lines: z.number(),
});
export type WholeLog = Readonly<z.infer<typeof WholeLog>>;

/** A quoted fact with its source; an `opinion` is what another system said, and no fact. `text` is redacted before it gets here. */
export const Evidence = z.object({
  id: z.string(),
  kind: z.enum(['log', 'pattern', 'event', 'change', 'status', 'metric', 'suspect', 'related', 'opinion']),
  /** Where it was read: `previous log of shop/checkout-7d9f (container app)`. */
  source: z.string(),
  text: z.string(),
  at: z.number().optional(),
  /** The picture of a metric; `text` says the same. */
  chart: Chart.optional(),
  /** Of a log whose newest lines are in `text`, where it has more. */
  whole: WholeLog.optional(),
});
export type Evidence = Readonly<z.infer<typeof Evidence>>;

/** Numbers the pieces E1, E2, … after those that are known. */
export function numberAfter(known: readonly Evidence[], fresh: readonly Omit<Evidence, 'id'>[]): readonly Evidence[] {
  const last = Math.max(0, ...known.map(({ id }) => Number(id.slice(1))));
  return fresh.map((one, index) => ({ ...one, id: `E${last + index + 1}` }));
}

/** A text of the cluster that talks to a model or to people instead of about what happened. It is data to everything here; people should know that somebody tries. */
export const Injection = z.object({
  /** Of the evidence; F1, F2, … are findings. */
  id: z.string(),
  what: z.enum(['instructions', 'approval', 'mention', 'tools']),
  /** The words that gave it away, one short line. */
  excerpt: z.string(),
});
export type Injection = Readonly<z.infer<typeof Injection>>;
