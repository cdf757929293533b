import type { Audit, AuditEntry } from '../../../src/core/ports/audit.ts';

export interface FakeAudit extends Audit {
  /** What was written, oldest first. */
  readonly entries: readonly AuditEntry[];
}

export function createFakeAudit(): FakeAudit {
  const entries: AuditEntry[] = [];
  return { entries, append: async (entry) => void entries.push(entry) };
}
