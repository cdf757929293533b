/** What has been taken already, for a while, shared by all bots. */
export interface Receipts {
  /** True for the first who takes this id, false for everybody after that, until `keepMs` have passed. */
  take(id: string, keepMs: number): Promise<boolean>;
  /** Whether somebody has taken this id, and `keepMs` have not passed since. */
  has(id: string): Promise<boolean>;
}
