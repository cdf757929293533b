import type { ResourceRef } from '../../src/core/resource-ref.ts';
import type { CronJobView, JobView } from '../../src/core/views/job.ts';
import type { ConditionView } from '../../src/core/views/object.ts';
import { minutes, now } from './views.ts';

export const report: ResourceRef = { kind: 'CronJob', namespace: 'shop', name: 'report', uid: 'uid-report' };

/** Runs every hour; the latest run began as it was due, half an hour ago. */
export function aCronJob(overrides: Partial<CronJobView> = {}): CronJobView {
  return {
    uid: 'uid-report',
    namespace: 'shop',
    name: 'report',
    createdAt: now - 24 * 60 * minutes,
    schedule: '30 * * * *',
    suspended: false,
    concurrencyPolicy: 'Allow',
    lastScheduledAt: now - 30 * minutes,
    active: 0,
    annotations: {},
    ...overrides,
  };
}

/** A run of the report, on its way. */
export function aRun(name: string, overrides: Partial<JobView> = {}): JobView {
  return {
    uid: `uid-${name}`,
    namespace: 'shop',
    name,
    createdAt: now - 30 * minutes,
    owner: { kind: 'CronJob', name: 'report', uid: 'uid-report' },
    suspended: false,
    backoffLimit: 2,
    active: 1,
    succeeded: 0,
    failed: 0,
    conditions: [],
    ...overrides,
  };
}

/** The condition of a Job that has ended at `since`, epoch milliseconds. */
export function anEnd(type: 'Complete' | 'Failed', since: number, overrides: Partial<ConditionView> = {}) {
  const reason = type === 'Failed' ? 'BackoffLimitExceeded' : '';
  return { type, status: 'True', reason, message: '', since, ...overrides } as const;
}
