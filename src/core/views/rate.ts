import type { ResourceRef } from '../resource-ref.ts';
import type { ObjectView } from './object.ts';

/** How often something happened to a workload or node, in buckets of equal length; the first is the one that ends now. Its name is `Kind/name`. */
export interface RateView extends ObjectView {
  readonly regarding: ResourceRef;
  readonly bucketMs: number;
  /** Warnings and restarts of containers. As many buckets as are known. */
  readonly warnings: readonly number[];
  readonly restarts: readonly number[];
  /** Reasons of the newest bucket, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, times: number])[];
}
