/** One line of who did what; append-only. */
export interface AuditEntry {
  readonly at: number;
  /** `proposed`, `approved`, `refused`, `applied`, `undone`, `paused`, … */
  readonly what: string;
  /** Slack user id, or `lifeguard`. */
  readonly who: string;
  readonly subject: string;
  readonly detail: string;
}

export interface Audit {
  append(entry: AuditEntry): Promise<void>;
}
