import { freezeDeep } from '../../../src/core/frozen.ts';
import type { Records, Versioned } from '../../../src/core/ports/records.ts';

/** Records in memory. Readers get what nobody can change, as from the store. */
export function createFakeRecords<T extends Versioned>(waits: (record: T) => boolean = () => false): Records<T> {
  const rows = new Map<string, T>();
  const waiting = new Set<string>();
  function put(record: T): void {
    rows.set(record.id, structuredClone(record));
    if (waits(record)) waiting.add(record.id);
    else waiting.delete(record.id);
  }
  const get = (id: string): T | undefined => freezeDeep(structuredClone(rows.get(id)));
  return {
    async create(record) {
      if (rows.has(record.id)) return false;
      put(record);
      return true;
    },
    get: async (id) => get(id),
    many: async (ids) => ids.map(get).filter((row) => row !== undefined),
    async update(id, change) {
      const current = get(id);
      if (current === undefined) return undefined;
      const next = change(current);
      if (next === current) return current;
      const raised = { ...next, version: current.version + 1 };
      put(raised);
      return raised;
    },
    recent: async (limit) => freezeDeep(structuredClone([...rows.values()].toReversed().slice(0, limit))),
    waiting: async () => [...waiting].map(get).filter((row) => row !== undefined),
  };
}
