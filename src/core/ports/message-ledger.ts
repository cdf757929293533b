/** What Slack last got of one incident. */
interface DeliveredEntry {
  /** Absent while a post is under way: it may or may not have happened. Of a file, Slack's id of it. */
  readonly ts?: string;
  /** Digest of what was sent. */
  readonly digest: string;
  /** Slack refused this very message, or takes a while to show a file; it is not tried again before then, epoch milliseconds. */
  readonly refusedUntil?: number;
  /** A file that is not shown, and will not be. */
  readonly dropped?: true;
}

export interface Delivery {
  readonly channel: string;
  /** The incident version that is fully delivered. */
  readonly version: number;
  readonly entries: Readonly<Record<string, DeliveredEntry>>;
  /** Where people find the root message; absent where that could not be learned. */
  readonly link?: string;
  /** When people were first told of all that was then known, epoch milliseconds: by messages of its own, or by the storm's. */
  readonly toldAt?: number;
}

/** State of the outbox: deliveries, exclusive work on one incident, and the rate limits that all bots share. */
export interface MessageLedger {
  read(incidentId: string): Promise<Delivery | undefined>;
  write(incidentId: string, delivery: Delivery): Promise<void>;
  /** Runs `work` while holding the lock of that name; answers false at once where another holds it. */
  exclusively(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Takes one token of a bucket, or answers how many milliseconds to wait. */
  take(bucket: { readonly name: string; readonly perMinute: number; readonly burst: number }): Promise<number>;
  /** Closes a bucket for everyone, for so many milliseconds from now: Slack said so. The last word counts. */
  hold(name: string, ms: number): Promise<void>;
}
