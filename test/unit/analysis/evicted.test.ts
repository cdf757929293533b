import { describe, expect, it } from 'vitest';
import { evicted } from '../../../src/analysis/detectors/evicted.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import {
  aContainer,
  aPod,
  aTermination,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  viewOf,
} from '../../support/views.ts';

const detector = evicted.configure({});

function gone(name: string, message: string, overrides: Partial<PodView> = {}): PodView {
  const state = { phase: 'terminated', ...aTermination({ exitCode: 137, finishedAt: now - 10 * seconds }) } as const;
  const containers = [aContainer({ ready: false, state })];
  return aPod({ name, phase: 'Failed', reason: 'Evicted', message, node: 'node-1', containers, ...overrides });
}

const serving = aPod({ name: 'serving' });

function judge(...pods: readonly PodView[]) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods, workload: [aWorkload()] }), now });
}

const lowMemory = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. ';
const usage = 'Container app was using 500Mi, request is 64Mi, has larger consumption of memory. ';

describe('fires', () => {
  it.each([
    [lowMemory + usage, 'the node ran short of memory.', 'Container app used 500Mi and requests 64Mi;'],
    ['The node was low on resource: ephemeral-storage. ', 'the node ran short of disk space.', ''],
    ['The node had condition: [DiskPressure]. ', 'the node is under pressure (DiskPressure)', ''],
    [
      'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ',
      'its volume v (emptyDir) holds more than its limit of 1Mi',
      '',
    ],
    [
      'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
      'the pod wrote more to disk than its limit (ephemeral-storage) of 1Gi.',
      '',
    ],
    ['Container app exceeded its local ephemeral storage limit "1Gi". ', 'container app wrote more to disk', ''],
    ['The moon is full. ', 'it says: The moon is full.', ''],
    ['', 'it gives no reason.', ''],
  ])('and explains "%s"', (message, words, more) => {
    const judged = judge(gone('a', message), gone('b', message), serving);
    expect(judged.recheckAt).toBe(now - 10 * seconds + 60 * minutes);
    const [finding] = judged.findings;
    expect(finding).toMatchObject({ kind: 'evicted', severity: 'warning', affectedPods: 2, since: now - 10 * seconds });
    expect(finding?.cause).toContain(`2 pods were evicted, the last by node node-1: ${words}`);
    expect(finding?.cause).toContain(more);
  });

  it('as critical where nothing serves, as info where one pod has been replaced', () => {
    expect(judge(gone('a', lowMemory), gone('b', lowMemory)).findings[0]?.severity).toBe('critical');
    expect(judge(gone('a', lowMemory), serving).findings[0]?.severity).toBe('info');
  });

  it('as a warning for the first pod that exceeds its own limit', () => {
    expect(judge(gone('a', 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". '), serving).findings).toMatchObject([
      { severity: 'warning', release: { toRevision: 2 } },
    ]);
  });

  it('and names the node that ran short, not a release that requests no more than before', () => {
    const [finding] = judge(gone('a', lowMemory), gone('b', lowMemory)).findings;
    expect(finding?.about).toEqual([{ kind: 'Node', namespace: '', name: 'node-1' }]);
    expect(finding?.release).toBeUndefined();
  });
});

describe('stays silent', () => {
  const longAgo = { phase: 'terminated', ...aTermination({ finishedAt: now - 61 * minutes }) } as const;
  const formerOwner = { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' };
  it.each<[string, PodView]>([
    ['a revision that has been replaced', gone('a', lowMemory, { owner: formerOwner })],
    ['a pod that failed by itself', gone('a', '', { reason: undefined })],
    [
      'a node that was shut down',
      gone('a', 'Pod was terminated in response to imminent node shutdown.', { reason: 'Terminated' }),
    ],
    [
      'an eviction long ago',
      gone('a', lowMemory, { createdAt: now - 120 * minutes, containers: [aContainer({ state: longAgo })] }),
    ],
    ['a pod that runs', serving],
  ])('about %s', (_case, pod) => {
    expect(judge(pod).findings).toEqual([]);
  });
});
