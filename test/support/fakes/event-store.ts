import type { EventRecord } from '../../../src/core/event-record.ts';
import type { EventStore } from '../../../src/core/ports/event-store.ts';

export function createFakeEventStore({ keepMs = 48 * 3_600_000, most = 20_000 } = {}): EventStore {
  let known: readonly EventRecord[] = [];
  return {
    async append(records) {
      if (records.length === 0) return;
      const ids = new Set(known.map(({ id }) => id));
      const oldest = Math.max(...records.map(({ at }) => at)) - keepMs;
      known = [...known, ...records.filter(({ id }) => !ids.has(id))]
        .toSorted((a, b) => b.at - a.at)
        .filter(({ at }) => at >= oldest)
        .slice(0, most);
    },
    read: async (since) => known.filter(({ at }) => at >= since),
  };
}
