import { describe, expect, it } from 'vitest';
import { autoscaler } from '../../../src/analysis/detectors/autoscaler.ts';
import type { AutoscalerView } from '../../../src/core/views/capacity.ts';
import { readScalings } from '../../../src/signals/rate-stream.ts';
import { aCondition } from '../../support/capacity-views.ts';
import { anAutoscaler, aWorkload, minutes, now, seconds, type ViewParts, viewOf } from '../../support/views.ts';

const detector = autoscaler.configure({});
const subject = { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'checkout' };

function judge(overrides: Partial<AutoscalerView>, parts: ViewParts = {}) {
  return detector.evaluate({ subject, view: viewOf({ autoscaler: [anAutoscaler(overrides)], ...parts }), now });
}

function blind(reason: string, message = '') {
  return { conditions: [aCondition('ScalingActive', 'False', { reason, message })] };
}

const lost = aCondition('AbleToScale', 'False', { reason: 'FailedGetScale', message: 'deployments.apps not found' });
const limited = aCondition('ScalingLimited', 'True', { reason: 'TooManyReplicas' });
const full = { current: 5, conditions: [limited] };

describe('fires', () => {
  it.each([
    ['FailedGetResourceMetric', 'missing request for cpu in container a of Pod b', 'A container requests none'],
    ['FailedGetResourceMetric', 'no metrics returned from resource metrics API', 'has no measurements of its pods'],
    ['FailedGetResourceMetric', 'unable to fetch metrics from resource metrics API: 503', 'does not answer'],
    ['FailedGetExternalMetric', 'no such metric', 'has no such metric'],
    ['AmbiguousSelector', 'pods are controlled by multiple HPAs: [shop/b shop/a]', 'HPAs: [shop/a shop/b] (Ambig'],
    ['InvalidMetricSourceType', '', 'cannot compute how many replicas'],
  ])('on %s (%s) and says what it means', (reason, message, words) => {
    const [finding] = judge(blind(reason, message)).findings;
    expect(finding).toMatchObject({ kind: 'autoscaler-blind', severity: 'warning', since: now - 20 * minutes });
    expect(finding?.cause).toContain(words);
    expect(finding?.impact).toBe('shop/checkout stays at 1 replica whatever its load');
  });

  it('and names the API that does not answer, which others need too', () => {
    const message = 'unable to fetch metrics from external metrics API: not found';
    const about = [{ kind: 'APIService', namespace: '', name: 'v1beta1.external.metrics.k8s.io' }];
    expect(judge(blind('FailedGetExternalMetric', message)).findings[0]?.about).toEqual(about);
  });

  it('on a target that does not exist, but says so only where it can know', () => {
    const [finding] = judge({ conditions: [lost] }, { workload: [] }).findings;
    expect(finding?.kind).toBe('autoscaler-target');
    expect(finding?.cause).toContain('Its target Deployment shop/checkout does not exist.');
    const custom = { conditions: [lost], target: { kind: 'Rollout', name: 'checkout' } };
    expect(judge(custom).findings[0]?.cause).toBe('Kubernetes says: deployments.apps not found (FailedGetScale).');
  });

  it('when it stays at its maximum and wants more', () => {
    const [finding] = judge({ ...full, lastScaledAt: now - 18 * minutes }).findings;
    expect(finding).toMatchObject({ kind: 'autoscaler-at-max', severity: 'warning', since: now - 18 * minutes });
    expect(finding?.cause).toBe('shop/checkout has its maximum of 5 replicas, and the load asks for more.');
  });
});

describe('up and down', () => {
  /** Sizes ten minutes apart, the newest last. */
  const scalingOf = (sizes: readonly number[], apart = 10 * minutes) => ({
    uid: 's',
    namespace: 'shop',
    name: 'checkout',
    createdAt: 0,
    sizes: sizes.map((replicas, index) => ({ at: now - (sizes.length - 1 - index) * apart, replicas })).toReversed(),
  });

  it('is told with the numbers that it went through', () => {
    const [finding] = judge({}, { scaling: [scalingOf([2, 6, 2, 6, 2, 6])] }).findings;
    expect(finding).toMatchObject({ kind: 'autoscaler-flapping', severity: 'warning', since: now - 50 * minutes });
    expect(finding?.cause).toContain('shop/checkout was scaled 2 → 6 → 2 → 6 → 2 → 6 in the last 50 min: 4 turns.');
  });

  it.each([
    ['a load that rises in steps', [1, 2, 3, 4, 5, 6]],
    ['a day that begins and ends', [2, 4, 6, 6, 4, 2]],
    ['two peaks', [2, 6, 2, 6, 2]],
  ])('is not said of %s', (_case, sizes) => {
    expect(judge({}, { scaling: [scalingOf(sizes)] }).findings).toEqual([]);
  });

  it('is over when it has been calm for the window', () => {
    expect(judge({}, { scaling: [scalingOf([2, 6, 2, 6, 2, 6], 30 * minutes)] }).findings).toEqual([]);
  });

  it('is read from what the controller says', () => {
    const owner = { kind: 'HorizontalPodAutoscaler', name: 'checkout' };
    const base = { namespace: 'shop', ...owner, owner, type: 'Normal', times: 1 };
    const said = (id: string, at: number, note: string, reason = 'SuccessfulRescale') => ({
      ...base,
      id,
      at,
      note,
      reason,
    });
    const records = [
      said('c', 3, 'New size: 2; reason: All metrics below target'),
      said('b', 2, 'something else', 'FailedGetScale'),
      said('a', 1, 'New size: 5; reason: cpu resource utilization (percentage of request) above target'),
    ];
    expect(readScalings(records)).toEqual([
      expect.objectContaining({
        namespace: 'shop',
        name: 'checkout',
        sizes: [
          { at: 3, replicas: 2 },
          { at: 1, replicas: 5 },
        ],
      }),
    ]);
  });
});

describe('stays silent', () => {
  it('at first, and looks again', () => {
    const fresh = judge({ ...blind('FailedGetResourceMetric'), createdAt: now - 30 * seconds });
    expect(fresh).toEqual({ findings: [], recheckAt: now + 90 * seconds });
    const risen = judge({ ...full, lastScaledAt: now - 5 * minutes });
    expect(risen).toEqual({ findings: [], recheckAt: now + 10 * minutes });
  });

  const floor = aCondition('ScalingLimited', 'True', { reason: 'TooFewReplicas' });
  it.each<[string, Partial<AutoscalerView>, ViewParts]>([
    ['at its floor', { conditions: [floor] }, {}],
    ['of a target that is scaled to zero', blind('ScalingDisabled'), {}],
    ['of a target without ready pods', blind('FailedGetResourceMetric'), { workload: [aWorkload({ ready: 0 })] }],
    ['that is pinned', { ...full, min: 5 }, {}],
    ['that is on its way to the maximum', { ...full, current: 4 }, {}],
    ['that is being deleted', { conditions: [lost], deletion: { since: now, finalizers: [] } }, {}],
    ['that works', { conditions: [aCondition('ScalingActive', 'True'), aCondition('AbleToScale', 'True')] }, {}],
  ])('on an autoscaler %s', (_case, overrides, parts) => {
    expect(judge(overrides, parts)).toEqual({ findings: [] });
  });
});
