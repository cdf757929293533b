import type { LogLine, LogOrigin } from '../log-record.ts';
import type { LogsView } from '../views/logs.ts';

/** What the pods of one workload write, kept as patterns and numbers in bounded memory. Times are epoch milliseconds. */
export interface LogDigest {
  /** Lines of one container, oldest first, raw. */
  push(origin: LogOrigin, lines: readonly LogLine[]): void;
  /** The container will not write again. */
  end(origin: LogOrigin): void;
  /**
   * What is known at `now`, redacted; the same object as last time while nothing came and no bucket ended. What waits for its continuation is waited for no longer
   * where nothing came for a while.
   */
  view(now: number): LogsView;
}
