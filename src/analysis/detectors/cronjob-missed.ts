import { z } from 'zod';
import type { EventView } from '../../core/views/event.ts';
import type { CronJobView } from '../../core/views/job.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { endOf } from '../explain/job-failure.ts';
import { explainRefusal } from '../explain/refusal.ts';
import { readSchedule, type Schedule } from '../explain/schedule.ts';
import { formatTime } from '../explain/time.ts';
import { type DueTrouble, judgeTroubles, quoteCondition } from '../object-finding.ts';

const CronJobMissedParams = z.strictObject({
  /** Kubernetes starts a run within seconds; it is missed after this long, and the CronJob's own startingDeadlineSeconds on top. */
  graceSeconds: z.number().nonnegative().default(60),
  /** Where runs must not overlap (Forbid): how long one may go on after the next was due. */
  blockedMinutes: z.number().nonnegative().default(30),
});
type CronJobMissedParams = z.infer<typeof CronJobMissedParams>;

const titles = {
  'cronjob-missed': 'scheduled run did not start',
  'cronjob-blocked': 'previous run is still going',
} as const;

/** Runs that are counted, at most. */
const mostRuns = 100;

/** Reasons of the CronJob controller (k8s.io/kubernetes pkg/controller/cronjob) for never starting anything. */
const unreadable = new Set(['UnparseableSchedule', 'UnknownTimeZone', 'InvalidSchedule']);

/** A run that was due and did not start. Times are epoch milliseconds. */
interface Missed {
  readonly cronJob: CronJobView;
  readonly schedule: Schedule;
  readonly due: number;
}

/** Runs of a CronJob that do not start when they are due. */
export const cronJobMissed = defineDetector({
  id: 'cronjob-missed',
  judges: ['CronJob'],
  kinds: titles,
  params: CronJobMissedParams,
  evaluate: evaluateSchedule,
});

function evaluateSchedule(subject: Subject, params: CronJobMissedParams): Judgement {
  const { namespace, name } = subject.subject;
  const cronJob = subject.view.find('cronJob', namespace, name);
  if (cronJob === undefined || cronJob.deletion !== undefined || cronJob.suspended) return { findings: [] };
  const troubles = findTroubles(subject, cronJob, params);
  return judgeTroubles(subject, cronJob, troubles);
}

function findTroubles(subject: Subject, cronJob: CronJobView, params: CronJobMissedParams): readonly DueTrouble[] {
  const start = countsFrom(subject, cronJob);
  const complaint = latestComplaint(subject, cronJob, start);
  if (complaint !== undefined && unreadable.has(complaint.reason)) return [describeUnreadable(complaint)];
  const schedule = readSchedule(cronJob.schedule, cronJob.timeZone);
  const due = schedule?.next(start);
  if (schedule === undefined || due === undefined) return [];
  const missed = { cronJob, schedule, due };
  const isBlocked = cronJob.concurrencyPolicy === 'Forbid' && cronJob.active > 0;
  return [isBlocked ? describeBlocked(subject, missed, params) : describeMissed(subject, missed, params)];
}

/**
 * Runs due after this are expected. What was due before the schedule was last written (or resumed), or while the run before it went on,
 * may have been left out for good.
 */
function countsFrom({ view, subject }: Subject, cronJob: CronJobView): number {
  const { createdAt, specWrittenAt = 0, lastScheduledAt = 0 } = cronJob;
  const ends = view.jobsOf({ ...subject, uid: cronJob.uid }).flatMap((job) => endOf(job)?.since ?? []);
  return Math.max(createdAt, specWrittenAt, lastScheduledAt, ...(cronJob.concurrencyPolicy === 'Forbid' ? ends : []));
}

function latestComplaint({ view, subject }: Subject, { uid }: CronJobView, after: number): EventView | undefined {
  const events = view
    .eventsOf({ ...subject, uid })
    .filter(({ type, lastSeen }) => type === 'Warning' && lastSeen >= after);
  return events.toSorted((a, b) => b.lastSeen - a.lastSeen)[0];
}

function describeUnreadable({ reason, note, createdAt }: EventView): DueTrouble {
  return {
    detector: 'cronjob-missed',
    kind: 'cronjob-missed',
    title: titles['cronjob-missed'],
    severity: 'warning',
    cause: [
      `Kubernetes cannot read its ${reason === 'UnknownTimeZone' ? 'time zone' : 'schedule'}, so no run starts.`,
      quoteCondition({ reason, message: note }),
    ],
    impact: 'no run starts until it is corrected',
    since: createdAt,
    from: createdAt,
  };
}

function describeMissed(subject: Subject, missed: Missed, { graceSeconds }: CronJobMissedParams): DueTrouble {
  const { cronJob, due } = missed;
  const { lastScheduledAt, startingDeadlineMs = 0 } = cronJob;
  const complaint = latestComplaint(subject, cronJob, due);
  const refusal =
    complaint?.reason === 'FailedCreate'
      ? explainRefusal({ message: complaint.note, namespace: cronJob.namespace, view: subject.view })
      : undefined;
  const last =
    lastScheduledAt === undefined
      ? 'None has started yet.'
      : `The last that started was due at ${formatTime(lastScheduledAt)}.`;
  const runs = countDue(missed, subject.now);
  return {
    detector: 'cronjob-missed',
    kind: 'cronjob-missed',
    title: titles['cronjob-missed'],
    severity: 'warning',
    cause: [`${describeDue(missed)} and did not start.`, last, refusal?.words ?? explainSilence(complaint)],
    impact: runs === 1 ? 'a run is missing' : `${describeCount(runs)} are missing`,
    since: due,
    from: due + graceSeconds * 1000 + startingDeadlineMs,
    ...(refusal?.about === undefined ? {} : { about: [refusal.about] }),
  };
}

function explainSilence(complaint: EventView | undefined): string {
  if (complaint !== undefined) return quoteCondition({ reason: complaint.reason, message: complaint.note });
  return 'Kubernetes says nothing about it: what starts runs (kube-controller-manager) may not be working.';
}

/** The controller starts nothing while a run goes on, and leaves out what is due meanwhile. */
function describeBlocked({ view, subject, now }: Subject, missed: Missed, params: CronJobMissedParams): DueTrouble {
  const { cronJob, due } = missed;
  const open = view.jobsOf({ ...subject, uid: cronJob.uid }).findLast((job) => endOf(job) === undefined);
  const run =
    open === undefined
      ? 'A run goes on'
      : `Run ${open.name} goes on since ${formatTime(open.startedAt ?? open.createdAt)}`;
  const runs = countDue(missed, now);
  return {
    detector: 'cronjob-missed',
    kind: 'cronjob-blocked',
    title: titles['cronjob-blocked'],
    severity: 'warning',
    cause: [
      `${run}, and runs must not overlap (concurrencyPolicy Forbid).`,
      `${describeDue(missed)} and waits for it.`,
      ...(runs > 1 ? [`${describeCount(runs)} have been due meanwhile.`] : []),
    ],
    impact: 'no run starts until it ends',
    since: due,
    from: due + params.blockedMinutes * 60_000,
  };
}

function describeDue({ cronJob: { schedule, timeZone = 'UTC' }, due }: Missed): string {
  return `A run was due at ${formatTime(due)} (schedule “${schedule}”, time zone ${timeZone})`;
}

function describeCount(runs: number): string {
  return runs < mostRuns ? `${runs} runs` : `${runs} runs or more`;
}

/** Runs that have been due by now. */
function countDue({ schedule, due }: Missed, now: number): number {
  let runs = 0;
  for (let at: number | undefined = due; at !== undefined && at <= now && runs < mostRuns; at = schedule.next(at))
    runs += 1;
  return runs;
}
