import { z } from 'zod';

/** Something that Kubernetes said happened, once or several times in a row. */
export const EventRecord = z.object({
  /** The same for the same news, however often it is heard. */
  id: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  namespace: z.string(),
  /** What it is about, and what that belongs to. */
  kind: z.string(),
  name: z.string(),
  owner: z.object({ kind: z.string(), name: z.string() }),
  node: z.string().exactOptional(),
  /** `Normal`, `Warning`, or `Restart` for a container that was started again. */
  type: z.string(),
  reason: z.string(),
  /** Redacted. */
  note: z.string(),
  /** How often since the news before. */
  times: z.number(),
});
export type EventRecord = Readonly<z.infer<typeof EventRecord>>;
