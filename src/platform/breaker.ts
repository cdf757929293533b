import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { type ErrorCode, hasCode } from '../core/errors.ts';

/** After so many failures in a row a server is left alone for so long, milliseconds. */
const failures = 2;
const restMs = 30_000;

/**
 * Runs calls to one server. After two failures of that code in a row it is left alone for half a minute, so that nobody waits for it: calls then fail at
 * once, with the failure that was the last.
 */
export function createBreaker(code: ErrorCode): <T>(call: () => Promise<T>) => Promise<T> {
  let last: unknown;
  const circuit = circuitBreaker(
    handleWhen((error) => hasCode(error, code)),
    { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
  );
  circuit.onFailure(({ reason }) => {
    if ('error' in reason && hasCode(reason.error, code)) last = reason.error;
  });
  return (call) =>
    circuit.execute(call).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError && last !== undefined ? last : error;
    });
}
