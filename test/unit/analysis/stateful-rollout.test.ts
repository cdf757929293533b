import { describe, expect, it } from 'vitest';
import { rolloutStuck } from '../../../src/analysis/detectors/rollout-stuck.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import type { WorkloadView } from '../../../src/core/views/workload.ts';
import {
  aContainer,
  aCrashingContainer,
  aPod,
  aRevision,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  viewOf,
} from '../../support/views.ts';

const detector = rolloutStuck.configure({});
const set = { ...checkout, kind: 'StatefulSet' };
const owner = { kind: 'StatefulSet', name: 'checkout', uid: 'uid-checkout' };

function member(ordinal: number, revision: number, pod: Partial<PodView> = {}): PodView {
  const createdAt = now - 5 * minutes;
  return aPod({
    name: `checkout-${ordinal}`,
    owner,
    revisionHash: `checkout-${revision}`,
    createdAt,
    readySince: createdAt,
    ...pod,
  });
}

const unready: Partial<PodView> = { containers: [aContainer({ ready: false })] };

function judge(pods: readonly PodView[], workload: Partial<WorkloadView> = {}) {
  const given = aWorkload({ kind: 'StatefulSet', desired: 3, partition: 0, ...workload });
  const revision = [aRevision(1, { owner }), aRevision(2, { owner })];
  return detector.evaluate({ subject: set, view: viewOf({ workload: [given], pod: pods, revision }), now });
}

describe('a StatefulSet stands still', () => {
  it('at an ordinal behind which pods wait to be created', () => {
    const [finding] = judge([member(0, 2, unready)]).findings;
    expect(finding).toMatchObject({ kind: 'rollout-stuck', severity: 'critical', affectedPods: 1 });
    expect(finding?.cause).toContain('Ordinal 0 (pod checkout-0) runs and is not ready.');
    expect(finding?.cause).toContain('2 pods behind it wait to be created (OrderedReady).');
  });

  it('at an updated ordinal for which the others wait, after a release', () => {
    const [finding] = judge([member(0, 1), member(1, 1), member(2, 2, unready)]).findings;
    expect(finding?.cause).toContain('2 pods (checkout-0, checkout-1) wait for the update behind it.');
    expect(finding?.release).toMatchObject({ toRevision: 2 });
  });

  it('at a pod of an older revision, which is not replaced, even where it crashes', () => {
    const crashing = member(2, 1, { containers: [aCrashingContainer(3)] });
    const [finding] = judge([member(0, 2), member(1, 2), crashing]).findings;
    expect(finding?.cause).toContain(
      'Ordinal 2 (pod checkout-2) is not ready, and it is not of revision 2, the newest.',
    );
    expect(finding?.cause).toContain('deleting the pod does');
    expect(finding?.release).toBeUndefined();
  });
});

describe('a StatefulSet does not stand still', () => {
  it('before its pod had the time to become ready', () => {
    const judged = judge([member(0, 2, { ...unready, readySince: now - 30 * seconds })]);
    expect(judged).toEqual({ findings: [], recheckAt: now + 90 * seconds });
  });

  it.each<[string, readonly PodView[], Partial<WorkloadView>]>([
    ['when nobody waits for the pod', [member(0, 2), member(1, 2), member(2, 2, unready)], {}],
    ['when all are ready', [member(0, 1), member(1, 1), member(2, 2)], {}],
    ['when the pod crashes, which is told', [member(0, 2, { containers: [aCrashingContainer(3)] })], {}],
    ['at a partition', [member(0, 1), member(1, 1), member(2, 2, unready)], { partition: 2 }],
    ['when pods are replaced by hand', [member(0, 1), member(1, 1), member(2, 2, unready)], { strategy: 'OnDelete' }],
    ['when its controller has not looked yet', [member(0, 2, unready)], { generation: 3 }],
  ])('%s', (_case, pods, workload) => {
    expect(judge(pods, workload).findings).toEqual([]);
  });
});
