import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { evaluateSkewed, evaluateSubject } from '../../../src/analysis/evaluation.ts';
import { createSkewMeter } from '../../../src/platform/kubernetes/clock-skew.ts';
import {
  aCrashingContainer,
  aPod,
  aRevision,
  aTermination,
  checkout,
  minutes,
  now,
  viewOf,
} from '../../support/views.ts';

const configured = detectors.map((detector) => detector.configure({}));

/** A checkout that crashed a moment ago, after a release, as a cluster dates it whose clock is `skewMs` ahead. */
function worldOf(skewMs: number) {
  const at = now + skewMs;
  const last = aTermination({ startedAt: at - 20_000, finishedAt: at - 10_000 });
  const pod = aPod({ createdAt: at - 5 * minutes, containers: [aCrashingContainer(3, { last })] });
  const revision = [aRevision(1, { createdAt: at - 600 * minutes }), aRevision(2, { createdAt: at - 5 * minutes })];
  return viewOf({ pod: [pod], revision });
}

describe('a cluster whose clock is wrong', () => {
  const right = evaluateSubject(configured, { subject: checkout, view: worldOf(0), now });

  it.each([-30 * minutes, -6_000, 90_000, 24 * 60 * minutes])('by %i ms is judged like one that is right', (skew) => {
    const judged = evaluateSkewed(configured, { subject: checkout, view: worldOf(skew), now }, skew);
    const told = ({ findings, recheckAt }: typeof right) => ({
      recheckAt,
      kinds: findings.map(({ kind, since, release }) => [kind, since, release?.at]),
    });
    expect(told(judged)).toEqual(told(right));
    expect(right.findings.map(({ kind }) => kind)).toEqual(['crash-loop']);
  });

  it('would go unseen half an hour behind', () => {
    expect(evaluateSubject(configured, { subject: checkout, view: worldOf(-30 * minutes), now }).findings).toEqual([]);
  });
});

describe('how far it is off', () => {
  it.each([
    ['agrees within the seconds of the header', 'Mon, 02 Mar 2026 10:00:00 GMT', 0],
    ['is ahead', 'Mon, 02 Mar 2026 10:01:30 GMT', 90_500],
    ['is behind', 'Mon, 02 Mar 2026 09:30:00 GMT', -1_799_500],
    ['is not said', undefined, 0],
    ['is said in no way that can be read', 'soon', 0],
  ])('%s', (_case, date, skew) => {
    const meter = createSkewMeter(() => now);
    meter.note(date, now);
    expect(meter.skewMs()).toBe(skew);
  });
});
