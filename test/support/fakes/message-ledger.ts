import type { Clock } from '../../../src/core/ports/clock.ts';
import type { Delivery, MessageLedger } from '../../../src/core/ports/message-ledger.ts';

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** The outbox's state in memory, with rate limits on the test's own clock. */
export function createFakeMessageLedger(clock: Pick<Clock, 'now'>): MessageLedger {
  const deliveries = new Map<string, Delivery>();
  const locks = new Set<string>();
  const buckets = new Map<string, Bucket>();
  const holds = new Map<string, number>();
  return {
    read: async (incidentId) => deliveries.get(incidentId),
    write: async (incidentId, delivery) => void deliveries.set(incidentId, delivery),
    async exclusively(incidentId, work) {
      if (locks.has(incidentId)) return false;
      locks.add(incidentId);
      try {
        await work();
      } finally {
        locks.delete(incidentId);
      }
      return true;
    },
    async take({ name, perMinute, burst }) {
      const now = clock.now();
      const held = (holds.get(name) ?? 0) - now;
      if (held > 0) return held;
      const old = buckets.get(name) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, old.tokens + ((now - old.at) * perMinute) / 60_000);
      const free = tokens >= 1;
      buckets.set(name, { tokens: free ? tokens - 1 : tokens, at: now });
      return free ? 0 : Math.ceil(((1 - tokens) * 60_000) / perMinute);
    },
    hold: async (name, ms) => void holds.set(name, clock.now() + ms),
  };
}
