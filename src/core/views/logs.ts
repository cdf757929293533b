import type { LogPattern } from '../log-pattern.ts';
import type { ResourceRef } from '../resource-ref.ts';
import type { ObjectView } from './object.ts';

/** What the pods of a workload have written lately, as patterns. Its name is `Kind/name`. */
export interface LogsView extends ObjectView {
  readonly regarding: ResourceRef;
  /** Length of a bucket, milliseconds. The first is the one under way. */
  readonly bucketMs: number;
  /** Epoch milliseconds at which the bucket under way began. */
  readonly bucketAt: number;
  /** When its first line was heard, or since when it is listened to; epoch milliseconds. Before that, silence means nothing. */
  readonly since: number;
  /** Lines of all patterns in each bucket, the newest first. */
  readonly lines: readonly number[];
  /** The same of each pod, by its name. */
  readonly linesOf: Readonly<Record<string, readonly number[]>>;
  readonly patterns: readonly LogPattern[];
  /** Pods that cannot be read now; what is missing of them means nothing. */
  readonly unheard?: readonly string[];
}
