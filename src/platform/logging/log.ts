import { destination, pino } from 'pino';
import { LifeguardError } from '../../core/errors.ts';
import type { Log, LogFields } from '../../core/ports/log.ts';
import { redact } from '../../core/redact.ts';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output unless given. */
  readonly stream?: { write(line: string): void };
}

/** JSON lines. Every text is redacted; an error is its message and code, never its stack. */
export function createLog({ level, stream }: LogOptions): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    stream ?? destination({ fd: 1, sync: true }),
  );
  const write = (severity: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    logger[severity](clean(fields ?? {}), redact(message));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function clean(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (value instanceof LifeguardError) return { message: redact(value.message), code: value.code };
  if (value instanceof Error) return { message: redact(value.message) };
  if (typeof value === 'object' && value !== null) return JSON.parse(redact(JSON.stringify(value))) as unknown;
  return value;
}
