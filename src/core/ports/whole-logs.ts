/** Long logs as they were read, redacted; for a while, and never more than so many: the oldest goes first. All fail with `store-unreachable`. */
export interface WholeLogs {
  keep(id: string, text: string): Promise<void>;
  /** Undefined where it is not kept, or not any more. */
  read(id: string): Promise<string | undefined>;
}
