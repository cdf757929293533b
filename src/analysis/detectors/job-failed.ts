import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { CronJobView, JobView } from '../../core/views/job.ts';
import type { ConditionView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { endOf, explainJobFailure, failedPods, jobStep, lastEnd } from '../explain/job-failure.ts';
import { formatTime } from '../explain/time.ts';
import { findingOfPods } from '../pod-finding.ts';

const JobFailedParams = z.strictObject({
  /** A Job that failed longer ago than this is history. Runs of a CronJob count until a later one succeeds. */
  windowSeconds: z.number().positive().default(86_400),
});
type JobFailedParams = z.infer<typeof JobFailedParams>;

const titles = { 'job-failed': 'job has failed', 'cronjob-failing': 'scheduled job fails' } as const;

/** A Job that its controller gave up, alone or as the newest run of a CronJob. */
export const jobFailed = defineDetector({
  id: 'job-failed',
  judges: ['Job', 'CronJob'],
  kinds: titles,
  params: JobFailedParams,
  evaluate: (subject, params) => (subject.subject.kind === 'Job' ? judgeJob(subject, params) : judgeRuns(subject)),
});

function judgeJob(subject: Subject, { windowSeconds }: JobFailedParams): Judgement {
  const { view, now } = subject;
  const { namespace, name } = subject.subject;
  const job = view.find('job', namespace, name);
  const end = job && endOf(job);
  if (job === undefined || job.deletion !== undefined || end?.type !== 'Failed') return { findings: [] };
  if (isToldElsewhere(job, view)) return { findings: [] };
  const until = end.since + windowSeconds * 1000;
  if (now >= until) return { findings: [] };
  const trouble = { kind: 'job-failed', job, end, runs: 1, impact: 'it does not run again by itself' } as const;
  return { findings: [describe(subject, trouble)], recheckAt: until };
}

/** A Job that was run once more is well once its copy is; the copy itself is told with the Job that it runs again. */
function isToldElsewhere({ namespace, name, rerunOf }: JobView, view: ClusterView): boolean {
  if (rerunOf !== undefined && view.find('job', namespace, rerunOf) !== undefined) return true;
  return view.within('job', namespace).some((copy) => copy.rerunOf === name && endOf(copy)?.type === 'Complete');
}

function judgeRuns(subject: Subject): Judgement {
  const { view } = subject;
  const { namespace, name } = subject.subject;
  const cronJob = view.find('cronJob', namespace, name);
  if (cronJob === undefined || cronJob.deletion !== undefined || cronJob.suspended) return { findings: [] };
  const ended = view.jobsOf(subject.subject).flatMap((job) => {
    const end = endOf(job);
    return end === undefined ? [] : [{ job, end }];
  });
  const success = ended.findIndex(({ end }) => end.type === 'Complete');
  const failed = success === -1 ? ended : ended.slice(0, success);
  const [newest] = failed;
  if (newest === undefined || newest.end.since <= (cronJob.lastSucceededAt ?? 0)) return { findings: [] };
  const since = Math.min(...failed.map(({ end }) => end.since));
  const impact = describeSuccess(cronJob);
  return { findings: [describe(subject, { kind: 'cronjob-failing', ...newest, runs: failed.length, impact, since })] };
}

function describeSuccess({ lastSucceededAt }: CronJobView): string {
  return lastSucceededAt === undefined ? 'no run has succeeded yet' : `no success since ${formatTime(lastSucceededAt)}`;
}

interface JobTrouble {
  readonly kind: keyof typeof titles;
  readonly job: JobView;
  readonly end: ConditionView;
  /** Runs in a row that failed. */
  readonly runs: number;
  readonly impact: string;
  /** Default: when this run failed. */
  readonly since?: number;
}

function describe(subject: Subject, { kind, job, end, runs, impact, since = end.since }: JobTrouble) {
  const affected = failedPods(subject.view, job);
  const last = lastEnd(affected);
  const runsFailed = runs === 1 ? [] : [`The last ${runs} runs failed, ${job.name} last.`];
  return findingOfPods(subject, {
    detector: 'job-failed',
    kind,
    title: titles[kind],
    cause: [...explainJobFailure(job, end, last), ...runsFailed],
    step: jobStep(end, last),
    since,
    affected,
    occurrences: runs,
    severity: 'warning',
    impact,
    ...(last === undefined
      ? {}
      : { exemplar: { pod: last.pod.name, container: last.container.name, previous: false } }),
  });
}
