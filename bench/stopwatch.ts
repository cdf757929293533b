import type { JsonObject } from '../src/core/json.ts';
import { readNumber } from '../src/core/json.ts';

/** What a watching child process measures of itself and tells its parent. */
export interface Stopwatch {
  /** The list was taken in, so many objects. */
  listed(count: number): void;
  /** One watch event was taken in. */
  event(): void;
}

/**
 * Starts now. Tells the parent `{ listMs, listed, heapBytes }` after the list; on `{ expect }` answers `{ ready }`, and after so many
 * events `{ eventsMs, cpuMs, heapBytes, peakBytes }`. The heap is what is left after a collection, above what it was at the start.
 */
export function startStopwatch(): Stopwatch {
  const heapAtStart = heapAfterCollection();
  const started = performance.now();
  let expected = Number.POSITIVE_INFINITY;
  let seen = 0;
  let first = 0;
  let cpu = process.cpuUsage();

  function report(measured: JsonObject): void {
    process.send?.({ ...measured, heapBytes: heapAfterCollection() - heapAtStart });
  }

  process.once('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    expected = readNumber(message, 'expect') ?? expected;
    seen = 0;
    cpu = process.cpuUsage();
    process.send?.({ ready: true });
  });

  return {
    listed: (count) => report({ listed: count, listMs: performance.now() - started }),
    event() {
      if (seen === 0) first = performance.now();
      seen += 1;
      if (seen !== expected) return;
      const { user, system } = process.cpuUsage(cpu);
      const eventsMs = performance.now() - first;
      report({ eventsMs, cpuMs: (user + system) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024 });
    },
  };
}

function heapAfterCollection(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
