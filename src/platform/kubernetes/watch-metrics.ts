/** What operators can see of a watch. `collection` is its path. */
export interface WatchMetrics {
  /** Something arrived, be it only a bookmark: epoch seconds. */
  lastSeen(collection: string, at: number): void;
  /** An object was added, changed or deleted. */
  event(collection: string): void;
  /** The full list was read. */
  relist(collection: string): void;
  /** The watch was opened again after it ended or failed. */
  restart(collection: string): void;
}

export const noWatchMetrics: WatchMetrics = {
  lastSeen() {},
  event() {},
  relist() {},
  restart() {},
};
