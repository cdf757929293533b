import type { EventRecord } from '../event-record.ts';

/** What Kubernetes said, kept for a while and never more than so much: the oldest goes first. */
export interface EventStore {
  /** Keeps each once. Fails with `store-unreachable`. */
  append(records: readonly EventRecord[]): Promise<void>;
  /** From `since` (epoch milliseconds) on, newest first. */
  read(since: number): Promise<readonly EventRecord[]>;
}
