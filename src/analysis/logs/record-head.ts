import type { LogLevel, LogRecord } from '../../core/log-record.ts';

/** What the first line of a record says. */
export interface RecordHead {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where a field or a word of the header says so. */
  readonly level?: LogLevel | undefined;
  readonly message: string;
  readonly fields: LogRecord['fields'];
  /** A header was there, so that a line without one may belong to it. */
  readonly headed: boolean;
}
