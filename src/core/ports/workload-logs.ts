import type { ResourceRef } from '../resource-ref.ts';
import type { LogsView } from '../views/logs.ts';
import type { ReadLine } from './log-source.ts';

export interface LogWish {
  /** How far back, milliseconds. */
  readonly backMs: number;
  /** Only lines that contain this, upper and lower case alike. */
  readonly contains?: string | undefined;
  /** Of the containers' runs before the present ones. */
  readonly previous: boolean;
}

/** What the pods of a workload wrote. */
export interface WorkloadLog {
  /** Redacted, oldest first; the newest where there were more. */
  readonly lines: readonly ReadLine[];
  /** Where they were read: `pods`, `loki`, `pushed`. */
  readonly source: string;
  /** Pods that were read, and pods that there are. */
  readonly read: number;
  readonly pods: number;
  /** Why a source that would have been read instead did not answer. */
  readonly unanswered?: string;
}

/** The same as patterns. */
export interface WorkloadPatterns extends Omit<WorkloadLog, 'lines'> {
  /** Redacted. */
  readonly logs: LogsView;
}

/** Logs by what people call things: a workload, a Job, a pod. Fails with a `logs-*` or `cluster-*` code. */
export interface WorkloadLogs {
  read(ref: ResourceRef, wish: LogWish, signal?: AbortSignal): Promise<WorkloadLog>;
  /** Of the last `backMs` milliseconds. */
  patterns(ref: ResourceRef, backMs: number, signal?: AbortSignal): Promise<WorkloadPatterns>;
}
