import { describe, expect, it } from 'vitest';
import { imagePull } from '../../../src/analysis/detectors/image-pull.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aContainer, aPod, checkout, now, seconds, viewOf } from '../../support/views.ts';

const detector = imagePull.configure({});

function waiting(reason: string, message = '', pod: Partial<PodView> = {}): PodView {
  const container = aContainer({
    ready: false,
    image: 'shop/checkout:typo',
    state: { phase: 'waiting', reason, message },
  });
  return aPod({ phase: 'Pending', containers: [container], ...pod });
}

function judge(...pods: readonly PodView[]) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods }), now });
}

describe('fires', () => {
  it.each([
    ['ImagePullBackOff', 'Back-off pulling image: ErrImagePull: not found', 'the registry has no such image or tag'],
    ['ImagePullBackOff', 'pull access denied, repository does not exist', 'the registry refuses access'],
    ['ImagePullBackOff', 'toomanyrequests: You have reached your pull rate limit', 'limits the rate'],
    ['ImagePullBackOff', 'dial tcp: lookup registry.local: no such host', 'cannot be reached'],
    ['ErrImageNeverPull', '', 'the pull policy is Never'],
    ['InvalidImageName', '', 'not a valid image name'],
    ['ErrImagePull', 'manifest unknown', 'the registry has no such image or tag'],
  ])('on %s (%s) and says what it means', (reason, message, words) => {
    const [finding] = judge(waiting(reason, message)).findings;
    expect(finding).toMatchObject({ kind: 'image-pull', affectedPods: 1, totalPods: 1, severity: 'critical' });
    expect(finding?.cause).toContain('Image shop/checkout:typo of container app cannot be pulled');
    expect(finding?.cause).toContain(words);
  });

  it('names the release that brought the image in, and is a warning while others serve', () => {
    const old = aPod({ name: 'old', owner: { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' } });
    const [finding] = judge(waiting('ImagePullBackOff'), old).findings;
    expect(finding?.severity).toBe('warning');
    expect(finding?.release).toMatchObject({ fromRevision: 1, toRevision: 2 });
  });
});

describe('stays silent', () => {
  it('on a first failed pull, and looks again when the grace is over', () => {
    const judged = judge(waiting('ErrImagePull', '', { createdAt: now - 4 * seconds }));
    expect(judged).toEqual({ findings: [], recheckAt: now + 6 * seconds });
  });

  it.each([
    ['on a container that is being created', waiting('ContainerCreating')],
    ['on a crash loop', waiting('CrashLoopBackOff')],
    ['on a pod that is being deleted', waiting('ImagePullBackOff', '', { deletion: { since: now, finalizers: [] } })],
    ['on a pod that runs', aPod()],
  ])('%s', (_case, pod) => {
    expect(judge(pod).findings).toEqual([]);
  });
});
