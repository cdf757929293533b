import { describeError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';

export interface PollingContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told why it does not work; undefined once it does. */
  readonly onTrouble: (problem: string | undefined) => void;
}

/** Does `poll` now and again, each time after `everyMs`, or after what it answers, milliseconds; until `signal` aborts. */
export function keepPolling(
  poll: () => Promise<number | void>,
  everyMs: number,
  { clock, signal, onTrouble }: PollingContext,
): void {
  async function attempt(): Promise<number> {
    try {
      const wait = await poll();
      onTrouble(undefined);
      return wait ?? everyMs;
    } catch (error) {
      if (!signal.aborted) onTrouble(describeError(error));
      return everyMs;
    }
  }

  async function tick(): Promise<void> {
    const wait = await attempt();
    if (!signal.aborted) clock.schedule(clock.now() + wait, () => void tick());
  }
  void tick();
}
