import type { ConfigMapUse } from './config-map.ts';
import type { ConditionView, Labels, ObjectView, OwnerRef, WrittenView } from './object.ts';

/** Annotation that says which Job of its namespace a Job was made to run once more. */
export const rerunOf = 'lifeguard.dev/rerun-of';

export interface JobView extends ObjectView {
  readonly owner?: OwnerRef | undefined;
  readonly suspended: boolean;
  readonly backoffLimit: number;
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  /** `Complete`, `Failed`, `Suspended`, … */
  readonly conditions: readonly ConditionView[];
  readonly startedAt?: number | undefined;
  /** The Job that this one runs once more. */
  readonly rerunOf?: string | undefined;
  /** Those that its pods read; absent where there are none. */
  readonly configMaps?: readonly ConfigMapUse[] | undefined;
}

export interface CronJobView extends WrittenView {
  /** Five fields, or `@hourly` and the like. */
  readonly schedule: string;
  /** IANA name; absent: the controller's own zone, UTC by convention. */
  readonly timeZone?: string | undefined;
  readonly suspended: boolean;
  readonly concurrencyPolicy: string;
  readonly startingDeadlineMs?: number | undefined;
  readonly lastScheduledAt?: number | undefined;
  readonly lastSucceededAt?: number | undefined;
  readonly active: number;
  readonly annotations: Labels;
  /** Those that its pods read; absent where there are none. */
  readonly configMaps?: readonly ConfigMapUse[] | undefined;
}
