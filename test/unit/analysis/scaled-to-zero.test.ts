import { describe, expect, it } from 'vitest';
import { scaledToZero } from '../../../src/analysis/detectors/scaled-to-zero.ts';
import type { WorkloadView } from '../../../src/core/views/workload.ts';
import {
  anAutoscaler,
  anIngress,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = scaledToZero.configure({});
const served: ViewParts = { service: [aService()], ingress: [anIngress()] };
const template = { labels: { app: 'checkout' }, containers: [] };

function judge(workload: Partial<WorkloadView>, parts: ViewParts = served) {
  const zero = { desired: 0, ready: 0, template, scaled: { by: 'kubectl-scale', at: now - 10 * minutes } };
  const view = viewOf({ workload: [aWorkload({ ...zero, ...workload })], ...parts });
  return detector.evaluate({ subject: checkout, view, now });
}

describe('zero replicas', () => {
  it('are critical where requests are sent to them, and it is said who did it', () => {
    expect(judge({}).findings).toEqual([
      expect.objectContaining({
        kind: 'scaled-to-zero',
        severity: 'critical',
        cause:
          'kubectl-scale set its replicas to 0.\nIngress front sends shop.local/ to it.\nService checkout sends to it, and has no other endpoint that is ready.',
      }),
    ]);
  });

  it('are a warning where an autoscaler is switched off by them', () => {
    const [finding] = judge({}, { autoscaler: [anAutoscaler()] }).findings;
    expect(finding).toMatchObject({ severity: 'warning', cause: expect.stringContaining('checkout is off') });
  });

  it('are a warning where a Service sends to them, and to nothing else', () => {
    const [finding] = judge({}, { service: [aService()] }).findings;
    expect(finding).toMatchObject({ severity: 'warning', impact: 'whoever calls it gets no answer' });
  });

  const slice = { uid: 'uid-slice', namespace: 'shop', name: 'a', createdAt: 0, service: 'checkout', ports: [] };

  it.each([
    ['nothing depends on it', {}, {}],
    ['another version took over', {}, { ...served, endpoints: [{ ...slice, ready: 1, notReady: 0 }] }],
    ['KEDA did it', { scaled: { by: 'keda', at: 0 } }, served],
    ['it is meant', { annotations: { 'expect-zero': 'true' } }, served],
    ['it was made so', { scaled: undefined }, served],
    ['it has replicas', { desired: 1 }, served],
    ['it is being deleted', { deletion: { since: now, finalizers: [] } }, served],
  ])('are not said where %s', (_name, workload, parts) => {
    expect(judge(workload, parts).findings).toEqual([]);
  });

  it('may be a restart at first', () => {
    const just = judge({ scaled: { by: 'kubectl-scale', at: now - 30 * seconds } });
    expect(just).toMatchObject({ findings: [], recheckAt: now + 90 * seconds });
  });
});
