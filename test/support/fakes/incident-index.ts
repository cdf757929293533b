import type { IncidentIndex } from '../../../src/core/ports/incident-index.ts';

export function createFakeIncidentIndex(): IncidentIndex {
  const holders = new Map<string, string>();
  const open = new Set<string>();
  return {
    find: async (fingerprint) => holders.get(fingerprint),
    async claim({ fingerprint, id, replaces }) {
      const holder = holders.get(fingerprint);
      if (holder !== undefined && holder !== replaces) return holder;
      holders.set(fingerprint, id);
      return id;
    },
    open: async () => [...open],
    async setOpen(id, isOpen) {
      if (isOpen) open.add(id);
      else open.delete(id);
    },
  };
}
