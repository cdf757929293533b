import { z } from 'zod';

/** What the watcher last said of itself and the cluster. */
export const WatcherStatus = z.object({
  at: z.number(),
  synced: z.boolean(),
  workloads: z.number(),
  pods: z.number(),
  nodes: z.number(),
  nodesReady: z.number(),
  /** Source -> what is wrong with it now. */
  troubles: z.record(z.string(), z.string()),
});
export type WatcherStatus = Readonly<z.infer<typeof WatcherStatus>>;

export interface StatusBoard {
  publish(status: WatcherStatus): Promise<void>;
  read(): Promise<WatcherStatus | undefined>;
}
