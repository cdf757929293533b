import { createRecordReader, type RecordLimits } from '../../src/analysis/logs/records.ts';
import type { LogRecord } from '../../src/core/log-record.ts';

/** When the runtime got every line that has no time of its own here. */
export const receivedAt = Date.UTC(2026, 10, 29, 22, 55, 20);

/** The records of these lines, read at once and flushed. */
export function readRecords(lines: readonly string[], limits: Partial<RecordLimits> = {}): readonly LogRecord[] {
  const reader = createRecordReader(limits);
  return [...reader.push(lines.map((text) => ({ at: receivedAt, text }))), ...reader.flush()];
}
