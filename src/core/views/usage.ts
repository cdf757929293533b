import type { ObjectView } from './object.ts';

/** What the containers of a pod take, as metrics-server last said. Its name is the pod's. */
export interface UsageView extends ObjectView {
  /** Time between two samples, milliseconds. */
  readonly everyMs: number;
  readonly containers: readonly {
    readonly name: string;
    /** Working set in bytes, the newest sample first; each differs from the one before it in time by `everyMs`. */
    readonly memory: readonly number[];
  }[];
}
