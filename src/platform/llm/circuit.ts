import type { Clock } from '../../core/ports/clock.ts';
import { ModelFailure } from './failures.ts';

export interface CircuitOptions {
  readonly clock: Clock;
  /** Failures in a row after which the server is left alone. */
  readonly failures: number;
  /** For how long, milliseconds; a server that says how long itself is believed. */
  readonly restMs: number;
  /** For how long after it refused the key, which people have to mend. */
  readonly refusedRestMs: number;
}

export interface Circuit {
  /** Does the work, or fails at once with why the server is left alone. After the rest one may try; the others wait for how that ends. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A circuit breaker whose rest depends on what failed; how long is told by the clock. */
export function createCircuit({ clock, failures, restMs, refusedRestMs }: CircuitOptions): Circuit {
  let inRow = 0;
  let rest: { readonly until: number; readonly because: ModelFailure } | undefined;
  let trying = false;

  function refusal(): ModelFailure | undefined {
    if (rest === undefined || (clock.now() >= rest.until && !trying)) return undefined;
    const { blame, message } = rest.because;
    return new ModelFailure(blame, message, { retryAfterMs: Math.max(0, rest.until - clock.now()) });
  }

  /** How long to leave it alone after this, milliseconds; undefined: it is there. */
  function restAfter({ blame, retryAfterMs }: ModelFailure): number | undefined {
    if (blame === 'access') return refusedRestMs;
    if (blame === 'limit') return retryAfterMs ?? restMs;
    return blame === 'server' && inRow >= failures ? restMs : undefined;
  }

  function weigh(failure: ModelFailure): void {
    if (failure.blame === 'caller') return;
    inRow = failure.blame === 'server' ? inRow + 1 : 0;
    const ms = restAfter(failure);
    rest = ms === undefined ? undefined : { until: clock.now() + ms, because: failure };
  }

  return {
    async run(work) {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      const probe = rest !== undefined;
      trying ||= probe;
      try {
        const value = await work();
        [inRow, rest] = [0, undefined];
        return value;
      } catch (error) {
        if (error instanceof ModelFailure) weigh(error);
        throw error;
      } finally {
        if (probe) trying = false;
      }
    },
  };
}
