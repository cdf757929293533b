import type { Clock } from '../core/ports/clock.ts';

/** Resolves after so many milliseconds, or as soon as `signal` aborts. */
export function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.schedule(clock.now() + ms, finish);
    function finish(): void {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    }
    signal.addEventListener('abort', finish);
  });
}

const firstMs = 250;
const longestMs = 15_000;

/** Wait before the next try after so many failures: doubled each time up to 15 s, less up to a half so that bots do not try in step. */
export function backOff(failures: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), longestMs) * (0.5 + Math.random() / 2);
}
