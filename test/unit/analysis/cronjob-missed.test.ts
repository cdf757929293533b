import { describe, expect, it } from 'vitest';
import { cronJobMissed } from '../../../src/analysis/detectors/cronjob-missed.ts';
import type { EventView } from '../../../src/core/views/event.ts';
import type { CronJobView, JobView } from '../../../src/core/views/job.ts';
import { aCronJob, anEnd, aRun, report } from '../../support/job-views.ts';
import { anEvent, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = cronJobMissed.configure({});
const hours = 60 * minutes;

interface Given {
  readonly cronJob?: Partial<CronJobView>;
  readonly jobs?: readonly JobView[];
  readonly events?: readonly Partial<EventView>[];
}

function judge({ cronJob = {}, jobs = [], events = [] }: Given) {
  const event = events.map((one, index) => anEvent({ uid: `event-${index}`, regarding: report, ...one }));
  return detector.evaluate({ subject: report, view: viewOf({ cronJob: [aCronJob(cronJob)], job: jobs, event }), now });
}

/** Due at 09:30 and not started. */
const overdue = { lastScheduledAt: now - 90 * minutes };

describe('a run that was due', () => {
  it('and did not start is missed', () => {
    const [finding] = judge({ cronJob: overdue }).findings;
    expect(finding).toMatchObject({ kind: 'cronjob-missed', severity: 'warning', since: now - 30 * minutes });
    expect(finding?.subject).toMatchObject({ kind: 'CronJob', name: 'report', uid: 'uid-report' });
    expect(finding?.cause).toBe(
      [
        'A run was due at 2026-03-02 09:30 UTC (schedule “30 * * * *”, time zone UTC) and did not start.',
        'The last that started was due at 2026-03-02 08:30 UTC.',
        'Kubernetes says nothing about it: what starts runs (kube-controller-manager) may not be working.',
      ].join('\n'),
    );
    expect(finding?.impact).toBe('a run is missing');
  });

  it('is looked at again when the next has to have started', () => {
    expect(judge({})).toEqual({ findings: [], recheckAt: now + 31 * minutes });
  });

  it('is counted with those after it', () => {
    const cronJob = { lastScheduledAt: undefined, createdAt: now - 3 * hours, schedule: '*/15 * * * *' };
    const [finding] = judge({ cronJob }).findings;
    expect(finding?.impact).toBe('12 runs are missing');
    expect(finding?.cause).toContain('None has started yet.');
  });

  it('is counted only so far', () => {
    expect(judge({ cronJob: { ...overdue, schedule: '@every 1s' } }).findings[0]?.impact).toBe(
      '100 runs or more are missing',
    );
  });

  it('says why its Job may not be created, and what is in the way', () => {
    const note =
      'Error creating job: jobs.batch "report-1" is forbidden: exceeded quota: small, requested: count/jobs.batch=1, used: count/jobs.batch=2, limited: count/jobs.batch=2';
    const events = [{ reason: 'FailedCreate', note, lastSeen: now - 5 * minutes }];
    const [finding] = judge({ cronJob: overdue, events }).findings;
    expect(finding?.cause).toContain('Quota small');
    expect(finding?.about).toEqual([{ kind: 'ResourceQuota', namespace: 'shop', name: 'small' }]);
  });

  it('says what else Kubernetes says of it, if that is of now', () => {
    const late = { reason: 'TooManyMissedTimes', note: 'too many missed start times', lastSeen: now - minutes };
    const old = { reason: 'FailedCreate', note: 'of yesterday', lastSeen: now - 20 * hours };
    const [finding] = judge({ cronJob: overdue, events: [old, late] }).findings;
    expect(finding?.cause).toContain('Kubernetes says: too many missed start times (TooManyMissedTimes).');
    expect(finding?.cause).not.toContain('yesterday');
  });

  it.each<[string, Partial<CronJobView>]>([
    ['has just been due', { lastScheduledAt: now - 90 * minutes, schedule: '0 * * * *', createdAt: now - minutes }],
    ['may still start', { ...overdue, startingDeadlineMs: 45 * minutes }],
    ['belongs to a CronJob that is suspended', { ...overdue, suspended: true }],
    ['belongs to a CronJob that is being deleted', { ...overdue, deletion: { since: now, finalizers: [] } }],
    ['was due before the schedule was changed or resumed', { ...overdue, specWrittenAt: now - 10 * minutes }],
    ['was due before the CronJob was made', { lastScheduledAt: undefined, createdAt: now - 10 * minutes }],
    ['is never due', { schedule: '0 0 31 2 *' }],
    ['cannot be told from its schedule', { ...overdue, schedule: 'at noon' }],
    ['is of a zone that is not known here', { ...overdue, timeZone: 'Mars/Olympus' }],
  ])('and %s is no finding', (_case, cronJob) => {
    expect(judge({ cronJob }).findings).toEqual([]);
  });
});

/** Due at, for a schedule in a zone. Times in UTC. */
describe('a schedule', () => {
  it.each<[schedule: string, zone: string | undefined, after: string, due: string]>([
    ['0 9 * * *', 'America/New_York', '2026-01-10T15:00:00Z', '2026-01-11T14:00:00Z'],
    ['TZ=Asia/Tokyo 0 9 * * *', undefined, '2026-01-10T15:00:00Z', '2026-01-11T00:00:00Z'],
    ['@hourly', undefined, '2026-01-10T15:00:00Z', '2026-01-10T16:00:00Z'],
    ['@every 1h30m', undefined, '2026-01-10T15:00:00Z', '2026-01-10T16:30:00Z'],
    ['5/20 * * * *', undefined, '2026-01-10T15:06:00Z', '2026-01-10T15:25:00Z'],
    ['0 0 1 * MON', undefined, '2026-01-10T15:00:00Z', '2026-01-12T00:00:00Z'],
    ['0 0 ? JAN-MAR 0', undefined, '2026-01-10T15:00:00Z', '2026-01-11T00:00:00Z'],
    // Clocks go from 02:00 to 03:00 on 29 March: the controller leaves that run out.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00Z'],
  ])('%s in %s is read as Kubernetes does', (schedule, timeZone, after, due) => {
    const cronJob = aCronJob({ schedule, timeZone, createdAt: 0, lastScheduledAt: Date.parse(after) });
    const view = viewOf({ cronJob: [cronJob] });
    const { recheckAt } = detector.evaluate({ subject: report, view, now: Date.parse(after) });
    expect(new Date((recheckAt ?? 0) - 60 * seconds).toISOString()).toBe(new Date(due).toISOString());
  });

  it.each([
    ['UnparseableSchedule', 'its schedule'],
    ['InvalidSchedule', 'its schedule'],
    ['UnknownTimeZone', 'its time zone'],
  ])('that Kubernetes cannot read (%s) is told at once', (reason, words) => {
    const note = 'invalid timeZone: "Mars/Olympus" : unknown time zone Mars/Olympus';
    const cronJob = { timeZone: 'Mars/Olympus', createdAt: now - 2 * minutes, lastScheduledAt: undefined };
    const [finding] = judge({ cronJob, events: [{ reason, note }] }).findings;
    expect(finding).toMatchObject({ kind: 'cronjob-missed', impact: 'no run starts until it is corrected' });
    expect(finding?.cause).toContain(`Kubernetes cannot read ${words}, so no run starts.`);
    expect(finding?.cause).toContain('unknown time zone Mars/Olympus');
  });

  it('that was corrected is told no more', () => {
    const events = [{ reason: 'UnknownTimeZone', note: 'unknown', lastSeen: now - 20 * minutes }];
    expect(judge({ cronJob: { specWrittenAt: now - 10 * minutes }, events }).findings).toEqual([]);
  });
});

describe('a run that must not overlap', () => {
  const forbid = { ...overdue, concurrencyPolicy: 'Forbid', active: 1, lastScheduledAt: now - 150 * minutes };
  const running = aRun('report-1', { createdAt: now - 150 * minutes, startedAt: now - 149 * minutes });

  it('with one that does not end waits for it', () => {
    const [finding] = judge({ cronJob: forbid, jobs: [running] }).findings;
    expect(finding).toMatchObject({ kind: 'cronjob-blocked', since: now - 90 * minutes });
    expect(finding?.cause).toContain('Run report-1 goes on since 2026-03-02 07:31 UTC, and runs must not overlap');
    expect(finding?.cause).toContain('A run was due at 2026-03-02 08:30 UTC');
    expect(finding?.cause).toContain('2 runs have been due meanwhile.');
  });

  it('is given time', () => {
    const cronJob = { ...forbid, schedule: '40 * * * *', lastScheduledAt: now - 70 * minutes };
    expect(judge({ cronJob, jobs: [running] })).toEqual({ findings: [], recheckAt: now + 10 * minutes });
  });

  it('and was left out for one that has ended since is not missed', () => {
    const done = aRun('report-1', { active: 0, conditions: [anEnd('Complete', now - 10 * minutes)] });
    expect(judge({ cronJob: { ...forbid, active: 0 }, jobs: [done] }).findings).toEqual([]);
  });

  it('is missed where the one before has ended long ago', () => {
    const done = aRun('report-1', { active: 0, conditions: [anEnd('Complete', now - 95 * minutes)] });
    const [finding] = judge({ cronJob: { ...forbid, active: 0 }, jobs: [done] }).findings;
    expect(finding).toMatchObject({ kind: 'cronjob-missed', since: now - 90 * minutes });
  });
});
