import { LifeguardError } from '../../src/core/errors.ts';
import type { AuditEntry } from '../../src/core/ports/audit.ts';
import type { Controls, KillSwitch } from '../../src/core/ports/controls.ts';
import type { IncidentIndex } from '../../src/core/ports/incident-index.ts';
import type { Records, Versioned } from '../../src/core/ports/records.ts';

/** Records in memory, for tests of the bot. */
export function createMemoryRecords<T extends Versioned>(): Records<T> {
  const rows = new Map<string, T>();
  return {
    async create(record) {
      if (rows.has(record.id)) return false;
      rows.set(record.id, record);
      return true;
    },
    get: async (id) => rows.get(id),
    async update(id, change) {
      const current = rows.get(id);
      if (current === undefined) return undefined;
      const next = change(current);
      rows.set(id, next);
      return next;
    },
    recent: async (limit) => [...rows.values()].toReversed().slice(0, limit),
  };
}

export function createMemoryIndex(): IncidentIndex {
  const holders = new Map<string, string>();
  const open = new Set<string>();
  return {
    find: async (fingerprint) => holders.get(fingerprint),
    async claim({ fingerprint, id, replaces }) {
      if (holders.get(fingerprint) === replaces) holders.set(fingerprint, id);
      return holders.get(fingerprint) ?? id;
    },
    open: async () => [...open],
    async setOpen(id, isOpen) {
      if (isOpen) open.add(id);
      else open.delete(id);
    },
  };
}

export function createMemoryControls(): Controls & { lose(): void } {
  let state: KillSwitch | undefined = { engaged: false };
  return {
    async killSwitch() {
      if (state !== undefined) return state;
      throw new LifeguardError('Redis cannot be reached.', { code: 'store-unreachable', retry: 'transient' });
    },
    async setKillSwitch(next) {
      state = next;
    },
    lose() {
      state = undefined;
    },
  };
}

export function createMemoryAudit() {
  const entries: AuditEntry[] = [];
  return { entries, append: async (entry: AuditEntry) => void entries.push(entry) };
}
