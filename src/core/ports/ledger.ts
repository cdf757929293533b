export interface Attempt {
  readonly at: number;
  /** Where it was felt. */
  readonly namespaces: readonly string[];
  /** The workload or other object: `Deployment shop/checkout`. */
  readonly subject: string;
  /** The kind of its incident: `crash-loop`. */
  readonly cause: string;
  readonly executionId: string;
}

/** What was tried, for budgets and loop breakers. Recording the same execution twice counts once. */
export interface Ledger {
  record(attempt: Attempt): Promise<void>;
  /** It was not tried after all. */
  withdraw(executionId: string): Promise<void>;
  /** Attempts at or after `since` (epoch milliseconds), oldest first. */
  attempts(since: number): Promise<readonly Attempt[]>;
}

export type Health = 'healthy' | 'bad';

/** What has been seen of each revision of a workload, by template digest. */
export interface RevisionHealth {
  mark(mark: { readonly workloadUid: string; readonly revision: number; readonly health: Health }): Promise<void>;
  /** Revision number -> last judgement. */
  known(workloadUid: string): Promise<ReadonlyMap<number, Health>>;
}
