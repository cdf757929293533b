/**
 * For what has to come at last, with `vi.waitFor`, milliseconds; `expect.poll` is as patient. It judges nothing: a quiet machine shows in a moment what a
 * busy one shows later, and what never comes fails the test.
 */
export const soon = { timeout: 60_000, interval: 50 } as const;
