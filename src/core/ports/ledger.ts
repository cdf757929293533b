export interface Attempt {
  readonly at: number;
  readonly namespace: string;
  /** Workload and cause: `Deployment shop/checkout crash-loop`. */
  readonly key: string;
  readonly executionId: string;
}

/** What was tried, for budgets and loop breakers. Recording the same execution twice counts once. */
export interface Ledger {
  record(attempt: Attempt): Promise<void>;
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
