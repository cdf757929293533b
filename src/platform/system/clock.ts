import type { Clock } from '../../core/ports/clock.ts';

/** Longest delay that setTimeout takes, milliseconds; a longer wait is made of several. */
const longestMs = 2 ** 31 - 1;

/**
 * The time of day at the start of the process, moved on by the machine's monotonic clock: it never goes back and never jumps. With
 * the wall clock a correction (NTP, an operator) would end leases early, stretch them, or hold appointments up. The price: after
 * such a correction the process is off the wall clock by that much until it is restarted.
 */
function now(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now,
  schedule(at, callback) {
    let timer: NodeJS.Timeout;
    function arm(): void {
      const wait = Math.max(0, at - now());
      timer = setTimeout(() => (at > now() ? arm() : callback()), Math.min(wait, longestMs));
      timer.unref();
    }
    arm();
    return () => clearTimeout(timer);
  },
};
