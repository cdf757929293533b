import { z } from 'zod';

/** Whom to call: a user group, a person, a channel, or the pager. */
export const Callee = z.union([
  z.strictObject({ group: z.string() }),
  z.strictObject({ user: z.string() }),
  z.strictObject({ channel: z.string() }),
  z.strictObject({ pager: z.literal(true) }),
]);
export type Callee = Readonly<z.infer<typeof Callee>>;

/** Who looks after an incident. Times are epoch milliseconds, people are Slack user ids. */
export const Attention = z.object({
  /** Since when somebody should. */
  since: z.number().default(0),
  acknowledged: z.object({ by: z.string(), at: z.number() }).exactOptional(),
  assignee: z.string().exactOptional(),
  /** Nobody is called before then. */
  snoozedUntil: z.number().exactOptional(),
  /** It began during maintenance, and is told to nobody unless it outlasts that. */
  quiet: z.boolean().default(false),
  /** Closed by a person although it holds; until it gets worse, or ends and comes back. */
  dismissed: z.object({ by: z.string(), at: z.number() }).exactOptional(),
  /** Which escalation applies, by its name in the configuration. */
  escalation: z.string().exactOptional(),
  /** Calls made so far, and when the last of them or the last reminder was. */
  calls: z.number().default(0),
  calledAt: z.number().exactOptional(),
  /** Channels in which it is told besides its own. */
  channels: z.array(z.string()).readonly().default([]),
  paged: z.boolean().default(false),
  /** Person -> what they think of it; their last word counts. */
  feedback: z.record(z.string(), z.enum(['useful', 'false-alarm'])).default({}),
});
export type Attention = Readonly<z.infer<typeof Attention>>;

/** The pager's event for an incident as it is now. */
export type PagerEvent = 'trigger' | 'acknowledge' | 'resolve';
