import type { ObjectView } from './object.ts';

/** A ConfigMap without what it holds. */
export interface ConfigMapView extends ObjectView {
  /** Writes of its content after its creation, the newest first; a few of them (`mostWrites`). */
  readonly writes: readonly ConfigWrite[];
  /** How many keys it has. */
  readonly keys: number;
  /** Somebody marked it so that what it holds is kept. */
  readonly asksForHistory?: true;
}

export interface ConfigWrite {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The field manager. Absent where the server does not say: a key was seen to go that another manager had set. */
  readonly by?: string | undefined;
}

/** Writes of a ConfigMap that are remembered. */
export const mostWrites = 4;

/** A ConfigMap of its own namespace that a pod template names. */
export interface ConfigMapUse {
  readonly name: string;
  /** True where a running pod keeps what it read when it started. */
  readonly atStart: boolean;
}
