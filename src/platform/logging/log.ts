import { destination, pino } from 'pino';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Log, LogFields } from '../../core/ports/log.ts';
import { redact } from '../../core/redact.ts';
import { isSecretName } from '../../core/secrets/names.ts';
import { placeholder } from '../../core/secrets/placeholder.ts';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output unless given. */
  readonly stream?: { write(line: string): void };
}

/** JSON lines. Every text is redacted, and whatever a name calls a secret; an error is its message and code, never its stack. */
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

/** What lies deeper than this in a field is not logged; so a circle ends too. */
const deepest = 6;

function clean(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      redact(name),
      isSecretName(name) && typeof value !== 'boolean'
        ? placeholder('field', typeof value === 'string' ? value : '')
        : cleanValue(value, depth),
    ]),
  );
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return depth >= deepest ? '…' : cleanObject(value, depth + 1);
}

function cleanObject(value: object, depth: number): unknown {
  if (value instanceof LifeguardError) return { message: value.message, code: value.code };
  if (value instanceof Error) return { message: describeError(value) };
  if (value instanceof URL) return redact(value.href);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return Array.isArray(value) ? value.map((item) => cleanValue(item, depth)) : clean(value, depth);
}
