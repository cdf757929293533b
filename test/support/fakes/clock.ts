import type { Clock } from '../../../src/core/ports/clock.ts';

/** Time that stands still until a test moves it. */
export interface SteppedClock extends Clock {
  /** Moves time on and calls back whatever falls due, in order. */
  advance(ms: number): void;
  /** How many callbacks are waiting. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createSteppedClock(start = Date.parse('2026-11-23T12:00:00Z')): SteppedClock {
  let now = start;
  const timers = new Set<Timer>();
  function nextDue(until: number): Timer | undefined {
    return [...timers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
  }
  return {
    now: () => now,
    schedule(at, callback) {
      const timer = { at, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
      }
      now = until;
    },
    pending: () => timers.size,
  };
}

/** A clock that moves on by `stepMs` with each look, so that what waits comes to an end without waiting. Its timers never ring. */
export function createTickingClock(start: number, stepMs = 1_000): Clock & { readonly at: number } {
  let at = start;
  return {
    now: () => (at += stepMs),
    schedule: () => () => undefined,
    get at() {
      return at;
    },
  };
}
