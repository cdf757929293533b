import { z } from 'zod';
import { Chart } from './chart.ts';

/** A quoted fact with its source. `text` is redacted before it gets here. */
export const Evidence = z.object({
  id: z.string(),
  kind: z.enum(['log', 'event', 'change', 'status', 'metric']),
  /** Where it was read: `previous log of shop/checkout-7d9f (container app)`. */
  source: z.string(),
  text: z.string(),
  at: z.number().optional(),
  /** The picture of a metric; `text` says the same. */
  chart: Chart.optional(),
});
export type Evidence = Readonly<z.infer<typeof Evidence>>;
