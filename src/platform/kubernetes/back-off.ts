/** Delays between attempts that fail: doubling from 200 ms to 30 s, each cut by up to half at random so that many clients spread out. */
export interface BackOff {
  /** Counts a failure and answers the milliseconds to wait before the next attempt; at least `atLeastMs`. */
  failed(atLeastMs?: number): number;
  succeeded(): void;
  /** Failures since the last success. */
  readonly failures: number;
}

const firstMs = 200;
const longestMs = 30_000;

/** `random` answers numbers from 0 (inclusive) to 1 (exclusive). */
export function createBackOff(random: () => number): BackOff {
  let failures = 0;
  return {
    failed(atLeastMs = 0) {
      const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 16));
      failures += 1;
      return Math.max(atLeastMs, whole * (1 - random() / 2));
    },
    succeeded() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
