import { z } from 'zod';

/** What Alertmanager last said of one alert. Times are epoch milliseconds. */
export const Alert = z.object({
  /** Alertmanager's hash of the labels: the identity of the alert. */
  fingerprint: z.string(),
  state: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  summary: z.string(),
  description: z.string(),
  /** When the condition had held for as long as its rule asks. */
  startsAt: z.number(),
  /** Present once it has resolved. */
  endsAt: z.number().optional(),
  /** When it was last heard of. */
  heardAt: z.number(),
  /** How often it was said to fire since it began. */
  repeats: z.number(),
  /** The PromQL of its rule. */
  expression: z.string().optional(),
  /** Where its authors explain what to do; http or https. */
  runbook: z.string().optional(),
});
export type Alert = Readonly<z.infer<typeof Alert>>;

/**
 * What is known after hearing `said`; the same object as `known` where it says nothing new. Notifications arrive twice, late and in any order: an
 * alert that began earlier than the known one is history, and one that has resolved does not fire again without a new beginning.
 */
export function foldAlert(known: Alert | undefined, said: Alert): Alert {
  if (known === undefined || said.startsAt > known.startsAt) return said;
  if (said.startsAt < known.startsAt || known.state === 'resolved') return known;
  if (said.state === 'resolved') return { ...said, repeats: known.repeats };
  return { ...said, repeats: known.repeats + 1, heardAt: Math.max(known.heardAt, said.heardAt) };
}
