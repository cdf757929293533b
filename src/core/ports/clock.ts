/** Time as a dependency, so that tests step it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once at or after `at` (epoch milliseconds); returns a function that cancels. */
  schedule(at: number, callback: () => void): () => void;
}
