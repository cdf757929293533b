import type { Clock } from '../../core/ports/clock.ts';

/** Longest delay that setTimeout takes, milliseconds; a longer wait is made of several. */
const longestMs = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, callback) {
    let timer: NodeJS.Timeout;
    function arm(): void {
      const wait = Math.max(0, at - Date.now());
      timer = setTimeout(() => (wait > longestMs ? arm() : callback()), Math.min(wait, longestMs));
      timer.unref();
    }
    arm();
    return () => clearTimeout(timer);
  },
};
