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
