import { z } from 'zod';
import { LogLevel } from './log-record.ts';

/** A number that stands at the same place of every line of a pattern. */
export const LogNumber = z.object({
  /** The words or the field's name before it: `took`, `pool active`. */
  name: z.string(),
  /** `ms`, `%`, `MB`; empty where none is written. */
  unit: z.string(),
  /** The median of each bucket, the newest first; null where nothing was said. */
  medians: z.array(z.number().nullable()),
});
export type LogNumber = Readonly<z.infer<typeof LogNumber>>;

/** Lines that differ only in their values. Everything in it is redacted. */
export const LogPattern = z.object({
  id: z.string(),
  /** `connection to <*> refused`. */
  template: z.string(),
  level: LogLevel,
  /** Lines since it was first seen. */
  count: z.number(),
  /** Epoch milliseconds. */
  firstAt: z.number(),
  lastAt: z.number(),
  /** One whole line of it, the first lines of a stack trace included. */
  sample: z.string(),
  /** Pods that said it in the buckets that are kept. */
  pods: z.array(z.string()),
  /** Lines in each bucket, the newest first. */
  counts: z.array(z.number()),
  numbers: z.array(LogNumber).default([]),
});
export type LogPattern = Readonly<z.infer<typeof LogPattern>>;
