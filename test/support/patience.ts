import { setTimeout as pause } from 'node:timers/promises';

/**
 * For what has to come at last, with `vi.waitFor`, milliseconds; `expect.poll` is as patient. It judges nothing: a quiet machine shows in a moment what a
 * busy one shows later, and what never comes fails the test. A container that has crashed four times is started anew 70 s after its second crash
 * (10, 20 and 40 s).
 */
export const soon = { timeout: 120_000, interval: 50 } as const;

/** As patient, also where no test runs. */
export async function untilThere<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + soon.timeout; ; await pause(soon.interval)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come within ${soon.timeout} ms`);
  }
}
