import type { Finding, Release, Severity } from '../core/finding.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { PodView } from '../core/views/pod.ts';
import type { Subject } from './detector.ts';
import { exposureOf } from './explain/exposure.ts';
import { describeRelease, findRelease } from './explain/release.ts';

/** A release this long before the trouble began is not blamed for it any more, milliseconds. */
const releaseWindowMs = 3_600_000;

/** What is wrong with pods of one subject. */
export interface PodTrouble {
  readonly detector: string;
  readonly kind: string;
  /** Completes "shop/checkout: …". */
  readonly title: string;
  /** Sentences that say how it fails, the most telling first. What was released is added. */
  readonly cause: readonly string[];
  /** Epoch milliseconds of the first fact that the judgement rests on. */
  readonly since: number;
  readonly affected: readonly PodView[];
  /** Default: one for each affected pod. */
  readonly occurrences?: number;
  readonly exemplar?: NonNullable<Finding['exemplar']>;
  /** What people notice, where the number of affected pods does not say it. */
  readonly impact?: string;
  /** What the cause names as missing or broken. */
  readonly about?: readonly ResourceRef[];
  /** What this cause calls for, in place of what its kind does; see `Finding.step`. */
  readonly step?: string | undefined;
  /** Default: critical where no pod of the subject is left that is ready. */
  readonly severity?: Severity;
  readonly releaseWindowMs?: number;
  /** False for a release that cannot have caused this. Default: any may have. */
  readonly blames?: (release: Release) => boolean;
}

/** Pods of the subject that are not on their way out. */
export function livePods({ subject, view }: Pick<Subject, 'subject' | 'view'>): readonly PodView[] {
  return view.podsOf(subject).filter((pod) => pod.deletion === undefined);
}

/** The finding about the subject that its pods make, with the release that it follows. */
export function findingOfPods(subject: Subject, trouble: PodTrouble): Finding {
  const { affected, since, cause, severity, exemplar, impact, about = [], occurrences = affected.length } = trouble;
  const pods = livePods(subject);
  const release = findBlamed(subject, trouble);
  const serves = pods.some((pod) => pod.ready && !affected.includes(pod));
  return {
    detector: trouble.detector,
    kind: trouble.kind,
    subject: identify(subject),
    severity: severity ?? (serves ? 'warning' : 'critical'),
    title: trouble.title,
    cause: [...cause, ...(release === undefined ? [] : [describeRelease(release, since)])].join('\n'),
    since,
    occurrences,
    affectedPods: affected.length,
    totalPods: new Set([...pods, ...affected]).size,
    ...impactOf(subject, pods),
    ...(impact === undefined ? {} : { impact }),
    ...(exemplar === undefined ? {} : { exemplar }),
    ...stepOf(trouble),
    ...(about.length === 0 ? {} : { about: [...about] }),
    ...(release === undefined ? {} : { release }),
  };
}

function stepOf({ step }: PodTrouble): Pick<Finding, 'step'> {
  return step === undefined ? {} : { step };
}

function findBlamed({ subject, view }: Subject, trouble: PodTrouble): Release | undefined {
  const window = { before: trouble.since, ms: trouble.releaseWindowMs ?? releaseWindowMs };
  const release = findRelease({ view, subject, pods: trouble.affected, window });
  return release !== undefined && (trouble.blames?.(release) ?? true) ? release : undefined;
}

/** How much of a workload answers, and who calls it. */
function impactOf(
  { subject, view }: Subject,
  pods: readonly PodView[],
): { readonly serving?: Finding['serving']; readonly exposed?: string } {
  const workload = view.workload(subject);
  if (workload === undefined) return {};
  const serving = { ready: pods.filter(({ ready }) => ready).length, wanted: workload.desired };
  const exposed = exposureOf(workload, view);
  return exposed === undefined ? { serving } : { serving, exposed };
}

/** The subject with the uid that it has now. */
function identify({ subject, view }: Subject): ResourceRef {
  const uid = view.workload(subject)?.uid ?? subject.uid;
  return uid === undefined ? subject : { ...subject, uid };
}
