/** A version of an incident that people in a channel are to see. */
export interface Due {
  readonly channel: string;
  readonly incidentId: string;
  readonly version: number;
}

/** What waits for each channel, shared by all processes. Failures to reach the store are `LifeguardError`s (`store-unreachable`). */
export interface DeliverySchedule {
  /** It waits from now on, unless a newer version already does. */
  mark(due: Due): Promise<void>;
  /** Incident -> newest version that waits. */
  waiting(channel: string): Promise<ReadonlyMap<string, number>>;
  /** It has been told. A newer version goes on waiting. */
  clear(due: Due): Promise<void>;
  /** Channels for which something waits. */
  channels(): Promise<readonly string[]>;
  /** Since when something has been waiting the longest, epoch milliseconds. */
  oldest(): Promise<number | undefined>;
}
