import { z } from 'zod';
import { ResourceRef } from './resource-ref.ts';

/** A form that somebody has open: what it is about, for whom, and whether it was sent. Its id is opaque and single use. */
export const Form = z.object({
  id: z.string(),
  version: z.number(),
  /** The one who opened it and may send it: a Slack user id. */
  user: z.string(),
  target: ResourceRef,
  /** The incident it was opened from, and what of it the person saw. */
  incident: z
    .object({
      id: z.string(),
      seen: z.string(),
      /** Whether alerts belong to it, so that they may be silenced. */
      alerting: z.boolean().default(false),
    })
    .exactOptional(),
  sent: z.boolean(),
});
export type Form = Readonly<z.infer<typeof Form>>;
