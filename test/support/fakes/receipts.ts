import type { Clock } from '../../../src/core/ports/clock.ts';
import type { Receipts } from '../../../src/core/ports/receipts.ts';

export function createFakeReceipts(clock: Pick<Clock, 'now'>): Receipts {
  const taken = new Map<string, number>();
  const has = (id: string): boolean => (taken.get(id) ?? 0) > clock.now();
  return {
    has: async (id) => has(id),
    async take(id, keepMs) {
      if (has(id)) return false;
      taken.set(id, clock.now() + keepMs);
      return true;
    },
  };
}
