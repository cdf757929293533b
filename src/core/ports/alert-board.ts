import type { Alert } from '../alert.ts';

/**
 * What Alertmanager has said, kept for the watcher. Failures to reach the store are `LifeguardError`s (`store-unreachable`); a board that
 * has no room left fails with `store-full`, and nothing of the batch is kept.
 */
export interface AlertBoard {
  /** Folds these into what is known, all or nothing. */
  take(alerts: readonly Alert[]): Promise<void>;
  /** Differs whenever something has changed. */
  version(): Promise<number>;
  all(): Promise<readonly Alert[]>;
  forget(fingerprints: readonly string[]): Promise<void>;
}
