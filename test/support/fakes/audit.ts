import { type AuditRecord, emptyHead, sealEntry } from '../../../src/core/audit-record.ts';
import type { Audit } from '../../../src/core/ports/audit.ts';

export interface FakeAudit extends Audit {
  /** What was written, oldest first. */
  readonly entries: readonly AuditRecord[];
}

export function createFakeAudit(): FakeAudit {
  const entries: AuditRecord[] = [];
  return {
    entries,
    async append(entry) {
      entries.push(sealEntry(entry, entries.at(-1) ?? emptyHead));
    },
    recent: async (limit) => entries.toReversed().slice(0, limit),
    after: async (seq) => entries.filter((record) => record.seq > seq),
    async *all() {
      yield* entries;
    },
    head: async () => {
      const { seq, hash } = entries.at(-1) ?? emptyHead;
      return { seq, hash };
    },
  };
}
