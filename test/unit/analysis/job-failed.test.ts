import { describe, expect, it } from 'vitest';
import { jobFailed } from '../../../src/analysis/detectors/job-failed.ts';
import type { CronJobView, JobView } from '../../../src/core/views/job.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aCronJob, anEnd, aRun, report } from '../../support/job-views.ts';
import { aContainer, aPod, aTermination, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = jobFailed.configure({});
const failedRun = { active: 0, failed: 3, conditions: [anEnd('Failed', now - 10 * minutes)] };

function judgeJob(job: Partial<JobView> = {}, pods: readonly PodView[] = []) {
  const view = viewOf({ job: [aRun('import', { owner: undefined, ...failedRun, ...job })], pod: pods });
  return detector.evaluate({ subject: { kind: 'Job', namespace: 'shop', name: 'import' }, view, now });
}

function judgeRuns(jobs: readonly JobView[], cronJob: Partial<CronJobView> = {}) {
  return detector.evaluate({ subject: report, view: viewOf({ cronJob: [aCronJob(cronJob)], job: jobs }), now });
}

function failedPod(name: string, createdAt: number, exitCode: number): PodView {
  const state = { phase: 'terminated', ...aTermination({ exitCode }) } as const;
  const stopped = { phase: 'terminated', ...aTermination({ exitCode: 143, finishedAt: now - 5 * seconds }) } as const;
  const proxy = aContainer({ name: 'proxy', role: 'sidecar', ready: false, state: stopped });
  const containers = [proxy, aContainer({ ready: false, state })];
  const owner = { kind: 'Job', name: 'import', uid: 'uid-import' };
  return aPod({ name, createdAt, owner, restartPolicy: 'Never', phase: 'Failed', containers });
}

describe('a Job', () => {
  it('that used up its retries has failed', () => {
    const { findings, recheckAt } = judgeJob();
    expect(findings).toMatchObject([{ kind: 'job-failed', severity: 'warning', since: now - 10 * minutes }]);
    expect(findings[0]?.cause).toBe('It failed 3 times, and its limit is 2 retries (BackoffLimitExceeded).');
    expect(findings[0]?.impact).toBe('it does not run again by itself');
    expect(recheckAt).toBe(now - 10 * minutes + 24 * 60 * minutes);
  });

  it('that was run once more is well once its copy is, and the copy is told with it', () => {
    const run = (name: string, overrides: Partial<JobView>) =>
      aRun(name, { owner: undefined, ...failedRun, ...overrides });
    const judge = (name: string, ...jobs: readonly JobView[]) =>
      detector.evaluate({ subject: { kind: 'Job', namespace: 'shop', name }, view: viewOf({ job: jobs }), now })
        .findings;
    const copy = (overrides: Partial<JobView> = {}) => run('import-rerun-1', { rerunOf: 'import', ...overrides });
    expect(judge('import', run('import', {}), copy())).toHaveLength(1);
    expect(judge('import-rerun-1', run('import', {}), copy())).toEqual([]);
    expect(judge('import-rerun-1', copy())).toHaveLength(1);
    const complete = { failed: 0, succeeded: 1, conditions: [anEnd('Complete', now - minutes)] };
    expect(judge('import', run('import', {}), copy(complete))).toEqual([]);
    expect(judge('import', run('import', {}), copy({ ...complete, rerunOf: 'export' }))).toHaveLength(1);
  });

  it('names the container of the newest pod that failed by itself', () => {
    const pods = [failedPod('import-a', now - 5 * minutes, 1), failedPod('import-b', now - minutes, 7)];
    const [finding] = judgeJob({}, pods).findings;
    expect(finding?.cause).toContain('Container app of pod import-b exited with code 7 (Error).');
    expect(finding).toMatchObject({
      affectedPods: 2,
      exemplar: { pod: 'import-b', container: 'app', previous: false },
    });
  });

  it.each<[string, Partial<JobView>, string]>([
    ['its only try', { failed: 1, backoffLimit: 0 }, 'It failed once, and its limit is 0 retries'],
    ['the restarts of one pod', { failed: 1, backoffLimit: 6 }, 'It failed more often than its limit of 6 retries'],
    [
      'its time',
      { conditions: [anEnd('Failed', now, { reason: 'DeadlineExceeded' })] },
      'It ran longer than its activeDeadlineSeconds allows',
    ],
    [
      'the patience of its policy',
      { conditions: [anEnd('Failed', now, { reason: 'PodFailurePolicy', message: 'exit code 42' })] },
      'Its pod failure policy ended it. Kubernetes says: exit code 42 (PodFailurePolicy).',
    ],
    [
      'its indexes',
      { conditions: [anEnd('Failed', now, { reason: 'FailedIndexes', message: 'Job has failed indexes' })] },
      'Kubernetes says: Job has failed indexes (FailedIndexes).',
    ],
  ])('says when it was %s that ended it', (_case, job, words) => {
    expect(judgeJob(job).findings[0]?.cause).toContain(words);
  });

  it.each<[string, Partial<JobView>]>([
    ['has retries left', { active: 1, failed: 2, conditions: [] }],
    ['has succeeded after failures', { conditions: [anEnd('Complete', now)] }],
    ['is about to fail', { conditions: [{ ...anEnd('Failed', now), type: 'FailureTarget' }] }],
    ['failed the day before yesterday', { conditions: [anEnd('Failed', now - 48 * 60 * minutes)] }],
    ['is being deleted', { deletion: { since: now, finalizers: [] } }],
  ])('that %s is no finding', (_case, job) => {
    expect(judgeJob(job).findings).toEqual([]);
  });
});

describe('a CronJob', () => {
  const older = aRun('report-1', { ...failedRun, createdAt: now - 90 * minutes });
  const newer = aRun('report-2', failedRun);

  it('whose last runs failed, fails, and says since when', () => {
    const [finding] = judgeRuns([older, newer], { lastSucceededAt: now - 150 * minutes }).findings;
    expect(finding).toMatchObject({ kind: 'cronjob-failing', occurrences: 2, severity: 'warning' });
    expect(finding?.cause).toContain('The last 2 runs failed, report-2 last.');
    expect(finding?.impact).toBe('no success since 2026-03-02 07:30 UTC');
  });

  it('that never succeeded says so, and still fails while the next run is on its way', () => {
    const [finding] = judgeRuns([newer, aRun('report-3', { createdAt: now })]).findings;
    expect(finding?.impact).toBe('no run has succeeded yet');
  });

  it.each<[string, readonly JobView[], Partial<CronJobView>]>([
    ['whose newest run succeeded', [older, aRun('report-2', { conditions: [anEnd('Complete', now)] })], {}],
    ['that succeeded since in a run that is gone', [newer], { lastSucceededAt: now - minutes }],
    ['without a run', [], {}],
    ['whose run is on its way', [aRun('report-3')], {}],
    ['that is suspended', [newer], { suspended: true }],
    ['that is being deleted', [newer], { deletion: { since: now, finalizers: [] } }],
  ])('%s is no finding', (_case, jobs, cronJob) => {
    expect(judgeRuns(jobs, cronJob).findings).toEqual([]);
  });
});
