import { LifeguardError } from '../../../src/core/errors.ts';

/** The project's error that a call ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<LifeguardError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LifeguardError) return error;
  throw new Error(`expected a LifeguardError, got ${String(error)}`);
}
