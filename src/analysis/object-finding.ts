import type { Finding, Severity } from '../core/finding.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { ObjectView } from '../core/views/object.ts';
import type { Judgement, Subject } from './detector.ts';

/** What is wrong with an object that is judged by itself, not by its pods. */
export interface ObjectTrouble {
  readonly detector: string;
  readonly kind: string;
  /** Completes "shop/checkout: …". */
  readonly title: string;
  readonly severity: Severity;
  /** Sentences, the most telling first. */
  readonly cause: readonly string[];
  /** What people notice of it. */
  readonly impact: string;
  /** Epoch milliseconds of the first fact that the judgement rests on. */
  readonly since: number;
  /** What this cause calls for, in place of what its kind does; see `Finding.step`. */
  readonly step?: string | undefined;
  /** What the cause names as missing or broken. */
  readonly about?: readonly ResourceRef[];
}

/** A trouble that counts from `from` (epoch milliseconds) on. */
export interface DueTrouble extends ObjectTrouble {
  readonly from: number;
}

/** The troubles of `object` that count now, and when to look again at those that do not yet. */
export function judgeTroubles(
  { subject, now }: Subject,
  object: ObjectView,
  troubles: readonly DueTrouble[],
): Judgement {
  const pending = troubles.map(({ from }) => from).filter((from) => from > now);
  const findings = troubles
    .filter(({ from }) => from <= now)
    .map((trouble) => findingOfObject({ ...subject, uid: object.uid }, trouble));
  return pending.length === 0 ? { findings } : { findings, recheckAt: Math.min(...pending) };
}

export function findingOfObject(subject: ResourceRef, trouble: ObjectTrouble): Finding {
  const { detector, kind, title, severity, cause, impact, since, step, about = [] } = trouble;
  return {
    detector,
    kind,
    subject,
    severity,
    title,
    cause: cause.join('\n'),
    ...(step === undefined ? {} : { step }),
    impact,
    since,
    occurrences: 1,
    affectedPods: 0,
    totalPods: 0,
    ...(about.length === 0 ? {} : { about: [...about] }),
  };
}

/** `Kubernetes says: … (Reason).`, with a full stop; empty where it says nothing. */
export function quoteCondition({ reason, message }: { readonly reason: string; readonly message: string }): string {
  const text = message.trim().replace(/\.$/, '');
  if (text === '') return reason === '' ? 'Kubernetes gives no reason.' : `Kubernetes says: ${reason}.`;
  return reason === '' ? `Kubernetes says: ${text}.` : `Kubernetes says: ${text} (${reason}).`;
}
