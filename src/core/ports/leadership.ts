/** Runs `lead` whenever this process holds the leadership; its signal aborts when the leadership is lost. Returns when `signal` aborts. */
export interface Leadership {
  run(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}
