import { describeError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';

/** For each piece of evidence, milliseconds; all are asked for at once. */
const patienceMs = 4_000;

/** Waits for a piece of evidence. What takes too long, or fails, is undefined: evidence must not keep people waiting. */
export type Patience = <T>(what: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>;

export function createPatience({ clock, log }: { readonly clock: Clock; readonly log: Log }): Patience {
  return async (what, work) => {
    const ending = new AbortController();
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.schedule(clock.now() + patienceMs, () => resolve(undefined));
    try {
      return await Promise.race([work(ending.signal), late]);
    } catch (error) {
      log.debug('a piece of evidence could not be had', { what, problem: describeError(error) });
      return undefined;
    } finally {
      cancel();
      ending.abort();
    }
  };
}
