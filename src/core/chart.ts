import { z } from 'zod';

/** A line not to be crossed, or the lines that were measured. One value for each moment. */
const Line = z.object({ name: z.string(), values: z.array(z.number()) });

/** How something measured went, where a picture tells it faster than words. */
export const Chart = z.object({
  title: z.string(),
  unit: z.enum(['bytes', 'count']),
  /** Epoch milliseconds, oldest first. */
  times: z.array(z.number()),
  /** The one that matters most comes first. */
  lines: z.array(Line),
  limit: z.object({ name: z.string(), value: z.number() }).optional(),
});
export type Chart = Readonly<z.infer<typeof Chart>>;
