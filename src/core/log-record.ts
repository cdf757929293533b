import { z } from 'zod';

/** From the worst to the least. `unknown`: neither a field nor the text says. */
export const LogLevel = z.enum(['fatal', 'error', 'warning', 'info', 'debug', 'unknown']);
export type LogLevel = z.infer<typeof LogLevel>;

/** Whether a level says that something went wrong. */
export function isTrouble(level: LogLevel): boolean {
  return level === 'fatal' || level === 'error';
}

/** Where a line was written. */
export interface LogOrigin {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** `shop/checkout-7d9f/app`: what tells containers apart. */
export function originKey({ namespace, pod, container }: LogOrigin): string {
  return `${namespace}/${pod}/${container}`;
}

/** One line as its source has it. Not redacted: it must not leave the process before it is. */
export interface LogLine {
  /** Epoch milliseconds at which it was written, as the runtime or the collector says. */
  readonly at: number;
  readonly text: string;
}

/** One thing that a program said: its lines joined, its header read. */
export interface LogRecord {
  /** Epoch milliseconds: of its own timestamp where that is sound, else of its first line. */
  readonly at: number;
  readonly level: LogLevel;
  /** What it says, without timestamp, level and logger; a stack trace follows after the first line break. */
  readonly message: string;
  /** Values that have a name, of structured logs. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}
