import type { WholeLogs } from '../../../src/core/ports/whole-logs.ts';

export function createFakeWholeLogs(most = 40): WholeLogs {
  const kept = new Map<string, string>();
  return {
    read: async (id) => kept.get(id),
    async keep(id, text) {
      kept.delete(id);
      kept.set(id, text);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
  };
}
