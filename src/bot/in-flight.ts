import type { Clock } from '../core/ports/clock.ts';
import { wait } from './waiting.ts';

/** Counts work that is under way, so that a stop can wait for it. */
export interface InFlight {
  run(work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way, or after `limitMs`; answers how much was left. */
  drain(limitMs: number, clock: Clock): Promise<number>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let wake: (() => void) | undefined;
  return {
    async run(work) {
      count += 1;
      try {
        await work();
      } finally {
        count -= 1;
        if (count === 0) wake?.();
      }
    },
    async drain(limitMs, clock) {
      if (count === 0) return 0;
      const idle = new AbortController();
      wake = () => idle.abort();
      await wait(limitMs, clock, idle.signal);
      return count;
    },
  };
}
