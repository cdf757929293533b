import type { Clock } from '../core/ports/clock.ts';

/** Waits `ms` milliseconds of the given clock; returns early when `signal` aborts, leaving no timer behind. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  function end(): void {
    resolve();
  }
  const cancel = clock.schedule(clock.now() + ms, end);
  signal.addEventListener('abort', end);
  await promise;
  signal.removeEventListener('abort', end);
  cancel();
}
