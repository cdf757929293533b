import { readArray, readNumber, readPath, readString, readTime } from '../../core/json.ts';
import { type CronJobView, type JobView, rerunOf } from '../../core/views/job.ts';
import { slimUses } from './config-map.ts';
import { readAnnotations, readConditions, readMetadata, readOwner, readWritten } from './metadata.ts';

export function slimJob(raw: unknown): JobView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const status = (name: string): number => readNumber(raw, 'status', name) ?? 0;
  return {
    ...metadata,
    owner: readOwner(raw),
    suspended: readPath(raw, 'spec', 'suspend') === true,
    backoffLimit: readNumber(raw, 'spec', 'backoffLimit') ?? 6,
    active: status('active'),
    succeeded: status('succeeded'),
    failed: status('failed'),
    conditions: readConditions(raw, 'status', 'conditions'),
    startedAt: readTime(raw, 'status', 'startTime'),
    rerunOf: readString(raw, 'metadata', 'annotations', rerunOf),
    ...slimUses(readPath(raw, 'spec', 'template', 'spec')),
  };
}

export function slimCronJob(raw: unknown): CronJobView | undefined {
  const metadata = readWritten(raw);
  if (metadata === undefined) return undefined;
  const deadline = readNumber(raw, 'spec', 'startingDeadlineSeconds');
  return {
    ...metadata,
    schedule: readString(raw, 'spec', 'schedule') ?? '',
    timeZone: readString(raw, 'spec', 'timeZone'),
    suspended: readPath(raw, 'spec', 'suspend') === true,
    concurrencyPolicy: readString(raw, 'spec', 'concurrencyPolicy') ?? 'Allow',
    startingDeadlineMs: deadline === undefined ? undefined : deadline * 1000,
    lastScheduledAt: readTime(raw, 'status', 'lastScheduleTime'),
    lastSucceededAt: readTime(raw, 'status', 'lastSuccessfulTime'),
    active: readArray(raw, 'status', 'active').length,
    annotations: readAnnotations(raw),
    ...slimUses(readPath(raw, 'spec', 'jobTemplate', 'spec', 'template', 'spec')),
  };
}
