import type { JsonObject } from '../json.ts';

/** A collection of the API: `/api/v1/pods`, `/apis/apps/v1/namespaces/shop/deployments`. */
export interface Collection {
  readonly path: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** True: the server sends only the metadata of the objects, and nothing of what they hold. */
  readonly metadataOnly?: boolean;
}

export interface WatchOptions<T> {
  readonly collection: Collection;
  /** Maps a raw object to what is kept of it, page by page, so that a large list is never held whole; undefined drops it. */
  readonly slim: (raw: JsonObject) => T | undefined;
  /** A full list was read: `items` is everything there is now. Called again after every relist. */
  readonly onList: (items: readonly T[]) => void;
  readonly onSeen: (item: T) => void;
  readonly onGone: (item: T) => void;
  /** The connection was lost or refused, in one sentence; the watch goes on by itself. `undefined` once it works again. */
  readonly onTrouble: (problem: string | undefined) => void;
  /** The server has no such collection; told in place of a trouble, as often as it is tried again. */
  readonly onAbsent?: () => void;
  readonly signal: AbortSignal;
}

/**
 * Reads the Kubernetes API. Every call has a timeout; failures are `LifeguardError`s with a `cluster-*` code.
 * `watch` lists, then watches, restarts by itself on every failure and returns only when `signal` aborts.
 */
export interface ClusterReader {
  get(path: string): Promise<JsonObject>;
  list(collection: Collection): Promise<readonly JsonObject[]>;
  watch<T>(options: WatchOptions<T>): Promise<void>;
}
