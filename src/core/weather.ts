import { z } from 'zod';
import { Callee } from './attention.ts';
import { Severity } from './finding.ts';

/** An incident as a storm message tells it. Times are epoch milliseconds. */
export const StormMember = z.object({
  id: z.string(),
  severity: Severity,
  title: z.string(),
  /** Empty for what is in no namespace. */
  namespace: z.string(),
  openedAt: z.number(),
  joinedAt: z.number(),
  open: z.boolean(),
  /** A person is asked to approve something: that needs a message with buttons. */
  asks: z.boolean(),
  /** Whether it has a message of its own, or one is being posted. */
  rooted: z.boolean(),
  /** Where that message is; absent where that could not be learned. */
  link: z.string().exactOptional(),
  /** Who was called for it while it had none, in order. */
  called: z.array(Callee).readonly().default([]),
});
export type StormMember = Readonly<z.infer<typeof StormMember>>;

/**
 * More new incidents in a channel than people can read. raging: one message stands for those that come · settling: few come; those that are still
 * open get messages of their own, slowly · over: each has one or needs none; the storm message is to say so.
 */
export const Storm = z.object({
  id: z.string(),
  phase: z.enum(['raging', 'settling', 'over']),
  since: z.number(),
  /** When the last member got a message of its own after the rage; when the rage ended, where none has. */
  pacedAt: z.number(),
  members: z.array(StormMember).readonly(),
});
export type Storm = Readonly<z.infer<typeof Storm>>;

/** How busy a channel is. */
export const Weather = z.object({
  /** Incidents that lately got messages of their own. */
  recent: z.array(StormMember).readonly(),
  storm: Storm.exactOptional(),
});
export type Weather = Readonly<z.infer<typeof Weather>>;
