/** Aborts its signal after a time or with the caller's signal, whichever is first. */
export interface Deadline {
  readonly signal: AbortSignal;
  passed(): boolean;
  /** Stops the timer; `detach` also stops listening to the caller's signal. */
  stop(detach: boolean): void;
}

export function startDeadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, timeoutMs);
  function forward(): void {
    controller.abort();
  }
  if (outer?.aborted === true) controller.abort();
  outer?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    stop(detach) {
      clearTimeout(timer);
      if (detach) outer?.removeEventListener('abort', forward);
    },
  };
}

/** Waits for work that cannot be aborted itself, but not beyond the signal. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  function end(): void {
    aborted.reject(new Error('aborted'));
  }
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
