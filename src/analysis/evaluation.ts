import type { Finding } from '../core/finding.ts';
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
  const { findings, recheckAt } = evaluateSubject(detectors, { ...subject, now: subject.now + skewMs });
  const told = findings.map((finding) => ({
    ...finding,
    since: finding.since - skewMs,
    ...(finding.release === undefined ? {} : { release: { ...finding.release, at: finding.release.at - skewMs } }),
  }));
  return recheckAt === undefined ? { findings: told } : { findings: told, recheckAt: recheckAt - skewMs };
}
