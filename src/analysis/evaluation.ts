import type { Finding } from '../core/finding.ts';
import type { ClusterView, ViewKind } from '../core/view.ts';
import type { Detector, Judgement, Subject } from './detector.ts';

/** What all detectors together say of one subject. */
export function evaluateSubject(detectors: readonly Detector[], subject: Subject): Judgement {
  const { kind } = subject.subject;
  const asked = detectors.filter(({ judges }) => typeof judges === 'string' || judges.includes(kind));
  const judgements = asked.map((detector) => detector.evaluate(subject));
  const findings: readonly Finding[] = judgements.flatMap((judgement) => judgement.findings);
  const times = judgements.map((judgement) => judgement.recheckAt).filter((at) => at !== undefined);
  return times.length === 0 ? { findings } : { findings, recheckAt: Math.min(...times) };
}

/**
 * The same where the cluster's clock is `skewMs` ahead of ours: what it dates is judged by its own clock, and the answer is told by ours. `subject.now` is
 * ours, epoch milliseconds.
 */
export function evaluateSkewed(detectors: readonly Detector[], subject: Subject, skewMs: number): Judgement {
  if (skewMs === 0) return evaluateSubject(detectors, subject);
  const view = byClusterClock(subject.view, skewMs);
  const { findings, recheckAt } = evaluateSubject(detectors, { ...subject, view, now: subject.now + skewMs });
  const told = findings.map((finding) => ({
    ...finding,
    since: finding.since - skewMs,
    ...(finding.release === undefined ? {} : { release: { ...finding.release, at: finding.release.at - skewMs } }),
  }));
  return recheckAt === undefined ? { findings: told } : { findings: told, recheckAt: recheckAt - skewMs };
}

/** Kinds of object that are dated here, when they were heard of or measured. */
const ours: ReadonlySet<ViewKind> = new Set(['rate', 'usage', 'volumeUsage']);

/** The view with everything in it dated by the cluster's clock, so that times can be compared. */
function byClusterClock(view: ClusterView, skewMs: number): ClusterView {
  const find: ClusterView['find'] = (kind, namespace, name) => {
    const found = view.find(kind, namespace, name);
    return found === undefined || !ours.has(kind) ? found : { ...found, createdAt: found.createdAt + skewMs };
  };
  const alertsOf: ClusterView['alertsOf'] = (ref) =>
    view.alertsOf(ref).map((one) => ({ ...one, createdAt: one.createdAt + skewMs, heardAt: one.heardAt + skewMs }));
  return { ...view, find, alertsOf };
}
