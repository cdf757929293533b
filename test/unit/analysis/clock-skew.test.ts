import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { evaluateSkewed, evaluateSubject } from '../../../src/analysis/evaluation.ts';
import type { AlertView } from '../../../src/core/views/alert.ts';
import { createSkewMeter } from '../../../src/platform/kubernetes/clock-skew.ts';
import { aVolumeClaim } from '../../support/capacity-views.ts';
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

  it.each([-30 * minutes, 90_000, 48 * 60 * minutes])('by %i ms does not shift what is dated here', (skew) => {
    const anAlert: AlertView = {
      uid: 'uid-alert',
      namespace: 'shop',
      name: 'PodsFailing',
      createdAt: now - 2 * minutes,
      regarding: checkout,
      severity: 'warning',
      summary: '',
      description: '',
      labels: '',
      repeats: 1,
      heardAt: now - minutes,
    };
    const claim = aVolumeClaim({ phase: 'Bound', createdAt: now + skew - 60 * minutes });
    const { namespace, name } = claim;
    const usage = { uid: 'u', namespace, name, createdAt: now, bytes: { capacity: 100, available: 1 } };
    const view = viewOf({ alert: [anAlert], volumeClaim: [claim], volumeUsage: [usage] });
    const alerted = evaluateSkewed(configured, { subject: checkout, view, now }, skew);
    expect(alerted.findings).toMatchObject([{ kind: 'alert/PodsFailing', since: now - 2 * minutes }]);
    expect(alerted.recheckAt).toBe(now - minutes + 24 * 60 * minutes);
    const subject = { kind: 'PersistentVolumeClaim', namespace, name };
    expect(evaluateSkewed(configured, { subject, view, now }, skew).findings).toMatchObject([{ since: now }]);
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
