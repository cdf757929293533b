import { z } from 'zod';

const SourceTrouble = z.object({
  /** In one sentence. */
  problem: z.string(),
  /** Epoch milliseconds; absent where nobody knows. */
  since: z.number().optional(),
});
export type SourceTrouble = Readonly<z.infer<typeof SourceTrouble>>;

/** What the watcher last said of itself and the cluster. */
export const WatcherStatus = z.object({
  at: z.number(),
  synced: z.boolean(),
  workloads: z.number(),
  pods: z.number(),
  nodes: z.number(),
  nodesReady: z.number(),
  /** Source -> what is wrong with it now. */
  troubles: z.record(z.string(), SourceTrouble),
});
export type WatcherStatus = Readonly<z.infer<typeof WatcherStatus>>;

export interface StatusBoard {
  publish(status: WatcherStatus): Promise<void>;
  read(): Promise<WatcherStatus | undefined>;
}
