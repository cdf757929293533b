import { z } from 'zod';
import { isWorkloadRef, type ResourceRef } from '../../core/resource-ref.ts';
import type { ObjectView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { explainRefusal, type Refusal } from '../explain/refusal.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const CreateFailedParams = z.strictObject({
  /** What may pass by itself (a full quota, a webhook that restarts) counts when no pod has come for this long. */
  graceSeconds: z.number().nonnegative().default(30),
  /** How long an Event counts as the present state; controllers repeat it with pauses of up to 17 minutes. */
  windowSeconds: z.number().positive().default(1200),
});
type CreateFailedParams = z.infer<typeof CreateFailedParams>;

const titles = { 'create-failed': 'pods cannot be created' } as const;

/** What a controller said last of the pods that it may not create. Times are epoch milliseconds. */
interface Complaint {
  readonly message: string;
  readonly since: number;
  readonly times: number;
  /** When it is forgotten, unless it is repeated. */
  readonly until: number;
  /** False for a revision that is not the newest. */
  readonly isCurrent: boolean;
}

/** Pods that the API server refuses to create. */
export const createFailed = defineDetector({
  id: 'create-failed',
  judges: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'],
  kinds: titles,
  params: CreateFailedParams,
  evaluate: evaluateCreation,
});

function evaluateCreation(subject: Subject, params: CreateFailedParams): Judgement {
  const complaint = findComplaint(subject, params);
  const { namespace } = subject.subject;
  const refusal = complaint && explainRefusal({ message: complaint.message, namespace, view: subject.view });
  if (complaint === undefined || refusal === undefined) return { findings: [] };
  const newest = Math.max(complaint.since, ...livePods(subject).map((pod) => pod.createdAt));
  const from = refusal.lasting ? complaint.since : newest + params.graceSeconds * 1000;
  if (from > subject.now) return { findings: [], recheckAt: from };
  const recheck = complaint.until === Number.POSITIVE_INFINITY ? {} : { recheckAt: complaint.until };
  return { findings: [describe(subject, complaint, refusal)], ...recheck };
}

function describe(subject: Subject, { since, times, isCurrent }: Complaint, refusal: Refusal) {
  const isTask = subject.subject.kind === 'Job' || subject.subject.kind === 'CronJob';
  return findingOfPods(subject, {
    detector: 'create-failed',
    kind: 'create-failed',
    title: titles['create-failed'],
    cause: [refusal.words],
    step: refusal.next,
    impact: isTask ? 'the job does not run' : describeImpact(subject),
    since,
    affected: [],
    occurrences: times,
    ...(isTask ? { severity: 'warning' } : {}),
    ...(refusal.about === undefined ? {} : { about: [refusal.about] }),
    blames: ({ changes }) =>
      isCurrent &&
      (refusal.blames === 'any' ||
        (refusal.blames === 'resources' && changes.some((change) => change.startsWith('resources of')))),
  });
}

function describeImpact(subject: Subject): string {
  const pods = livePods(subject).length;
  const desired = subject.view.workload(subject.subject)?.desired;
  if (desired === undefined) return `${pods} pods exist, and no more come`;
  return pods < desired ? `${desired - pods} of ${desired} pods are missing` : 'no pod of the new revision can come';
}

function findComplaint(subject: Subject, params: CreateFailedParams): Complaint | undefined {
  const { subject: ref, view } = subject;
  if (!isWorkloadRef(ref)) return findTaskComplaint(subject, params);
  const workload = view.workload(ref);
  if (workload === undefined || workload.deletion !== undefined || workload.desired === 0) return undefined;
  if (ref.kind !== 'Deployment')
    return livePods(subject).length < workload.desired ? readEvents([ref], subject, params) : undefined;
  const revisions = view.revisionsOf(ref);
  const failing = revisions.find(({ failure }) => failure !== undefined);
  if (failing?.failure === undefined) return undefined;
  const { message, since } = failing.failure;
  return { message, since, times: 1, until: Number.POSITIVE_INFINITY, isCurrent: failing === revisions[0] };
}

/** Of a Job, the Jobs of a CronJob, or a ReplicaSet that no Deployment has made. */
function findTaskComplaint(subject: Subject, params: CreateFailedParams): Complaint | undefined {
  const { subject: ref, view } = subject;
  const { namespace, name } = ref;
  if (ref.kind === 'ReplicaSet') return readEvents([ref], subject, params);
  const own = ref.kind === 'Job' ? view.find('job', namespace, name) : undefined;
  const jobs = own === undefined ? view.jobsOf(ref) : [own];
  const open = jobs.filter(
    ({ deletion, suspended, conditions }) => deletion === undefined && !suspended && !conditions.some(isEnd),
  );
  return readEvents(
    open.map((one) => refOf('Job', one)),
    subject,
    params,
  );
}

function isEnd({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return status === 'True' && (type === 'Complete' || type === 'Failed');
}

function refOf(kind: string, { namespace, name, uid }: ObjectView): ResourceRef {
  return { kind, namespace, name, uid };
}

/** The latest Event that a pod could not be created, unless one could be since. */
function readEvents(
  refs: readonly ResourceRef[],
  { view, subject, now }: Subject,
  { windowSeconds }: CreateFailedParams,
): Complaint | undefined {
  const windowMs = windowSeconds * 1000;
  const workload = view.workload(subject);
  const events = refs
    .flatMap((ref) => view.eventsOf(workload === undefined ? ref : refOf(ref.kind, workload)))
    .filter(({ reason, lastSeen }) => reason === 'FailedCreate' && now < lastSeen + windowMs)
    .toSorted((a, b) => b.lastSeen - a.lastSeen);
  const [latest] = events;
  const born = view.podsOf(subject).map(({ createdAt }) => createdAt);
  if (latest === undefined || born.some((createdAt) => createdAt > latest.lastSeen)) return undefined;
  return {
    message: latest.note,
    since: Math.min(...events.map(({ createdAt }) => createdAt)),
    times: events.reduce((sum, one) => sum + one.count, 0),
    until: latest.lastSeen + windowMs,
    isCurrent: true,
  };
}
