import type { Clock } from '../../core/ports/clock.ts';

export interface StallDetector {
  /** Something arrived. */
  touch(): void;
  /** From now on silence may last at most this long, in milliseconds. */
  limit(ms: number): void;
  stalled(): boolean;
  stop(): void;
}

/** Calls `onStall` once when nothing arrives for the limit, on the given clock. */
export function startStallDetector(clock: Clock, limitMs: number, onStall: () => void): StallDetector {
  let lastAt = clock.now();
  let limit = limitMs;
  let stalled = false;
  let cancel = clock.schedule(lastAt + limit, check);

  // Looks only when the limit could be reached, so that a busy stream costs no timers.
  function check(): void {
    if (clock.now() - lastAt < limit) {
      cancel = clock.schedule(lastAt + limit, check);
      return;
    }
    stalled = true;
    onStall();
  }

  return {
    touch() {
      lastAt = clock.now();
    },
    limit(ms) {
      if (ms === limit) return;
      limit = ms;
      cancel();
      cancel = clock.schedule(lastAt + limit, check);
    },
    stalled: () => stalled,
    stop: () => cancel(),
  };
}
