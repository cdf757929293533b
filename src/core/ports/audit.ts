import type { AuditEntry, AuditHead, AuditRecord } from '../audit-record.ts';

/** What happened, append-only and chained. Failures are `store-unreachable`, or `record-conflict` for what cannot be read. */
export interface Audit {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first, at most `limit`. */
  recent(limit: number): Promise<readonly AuditRecord[]>;
  /** Those after the record of this number, oldest first. */
  after(seq: number): Promise<readonly AuditRecord[]>;
  /** Everything that is kept, oldest first. */
  all(): AsyncIterable<AuditRecord>;
  head(): Promise<AuditHead>;
}
