import type { ReadLine } from './log-source.ts';

/** Lines that were sent together, or a part of them. */
export interface PushedBatch {
  readonly id: string;
  readonly lines: readonly ReadLine[];
}

/**
 * Lines that collectors have sent, redacted, until the watcher has read them. Failures to reach the store are `LifeguardError`s (`store-unreachable`).
 */
export interface PushedLogs {
  /** Keeps all or none. Fails with `store-full`, to be tried again later, where the watcher is too far behind. */
  append(lines: readonly ReadLine[]): Promise<void>;
  /** The oldest, so many batches at most; the same again until they are forgotten. */
  take(most: number): Promise<readonly PushedBatch[]>;
  /** They have been read. */
  forget(ids: readonly string[]): Promise<void>;
}
