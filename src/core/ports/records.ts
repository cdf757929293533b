/** A stored thing: an id, and a version that each change raises by one. New records start at version 1. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/**
 * Records of one kind, changed by compare-and-set. What is handed out is shared and cannot be changed. Failures to reach the store are `LifeguardError`s (`store-unreachable`).
 * `create` answers false where the id exists. `update` applies `change` to the newest record and retries by itself when somebody
 * else was faster; `change` may return the same object to say "nothing to do". It answers the newest record, or undefined where there is none.
 */
export interface Records<T extends Versioned> {
  create(record: T): Promise<boolean>;
  get(id: string): Promise<T | undefined>;
  /** Those that exist, in this order. */
  many(ids: readonly string[]): Promise<readonly T[]>;
  update(id: string, change: (current: T) => T): Promise<T | undefined>;
  /** Newest first by creation, at most `limit`. */
  recent(limit: number): Promise<readonly T[]>;
  /** All that wait for something, as the store's rule for this kind has it, the longest waiting first; none where there is no rule. */
  waiting(): Promise<readonly T[]>;
}
