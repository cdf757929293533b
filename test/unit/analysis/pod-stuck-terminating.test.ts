import { describe, expect, it } from 'vitest';
import { podStuckTerminating } from '../../../src/analysis/detectors/pod-stuck-terminating.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import {
  aContainer,
  aNode,
  anEvent,
  aPod,
  aTermination,
  aWorkload,
  checkout,
  minutes,
  now,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = podStuckTerminating.configure({});

/** A pod that should have been gone so long ago. */
function leaving(forMs: number, finalizers: readonly string[] = [], overrides: Partial<PodView> = {}): PodView {
  return aPod({ node: 'node-1', deletion: { since: now - forMs, finalizers }, ...overrides });
}

const stopped = { containers: [aContainer({ ready: false, state: { phase: 'terminated', ...aTermination() } })] };

function judge(pod: PodView, parts: ViewParts = { node: [aNode()] }) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: [pod], ...parts }), now });
}

describe('fires and says what it waits for', () => {
  it.each<[string, PodView, ViewParts, string]>([
    [
      'finalizers',
      leaving(11 * minutes, ['example.com/guard']),
      { node: [aNode()] },
      'example.com/guard holds it (finalizer)',
    ],
    [
      'a node that is not ready',
      leaving(11 * minutes),
      { node: [aNode({ ready: false })] },
      'Its node node-1 is not ready',
    ],
    ['a node that is gone', leaving(11 * minutes), { node: [] }, 'Its node node-1 does not exist any more'],
    ['a container that runs', leaving(11 * minutes), { node: [aNode()] }, 'Container app still runs'],
    ['cleaning up', leaving(11 * minutes, [], stopped), {}, 'node node-1 has not finished cleaning up'],
  ])('%s', (_case, pod, parts, words) => {
    const [finding] = judge(pod, parts).findings;
    expect(finding).toMatchObject({ kind: 'pod-stuck-terminating', severity: 'info', since: now - 11 * minutes });
    expect(finding).toMatchObject({ affectedPods: 1, totalPods: 1 });
    expect(finding?.cause).toContain(words);
    expect(finding?.release).toBeUndefined();
  });

  it('what the kubelet says', () => {
    const regarding = { kind: 'Pod', namespace: 'shop', name: 'checkout-2-a', uid: 'uid-checkout-2-a' };
    const event = anEvent({ regarding, reason: 'FailedKillPod', note: 'error killing pod: no answer' });
    expect(judge(leaving(11 * minutes), { event: [event] }).findings[0]?.cause).toContain(
      'Kubernetes says: error killing pod: no answer (FailedKillPod).',
    );
  });

  it('and names the node, so that its pods can be told together', () => {
    const [finding] = judge(leaving(11 * minutes), { node: [aNode({ ready: false })] }).findings;
    expect(finding?.about).toEqual([{ kind: 'Node', namespace: '', name: 'node-1' }]);
  });

  it.each([
    ['Deployment', 'warning'],
    ['StatefulSet', 'critical'],
  ])('as worse where a %s misses it', (kind, severity) => {
    const workload = [aWorkload({ kind, ready: 0 })];
    const pod = leaving(11 * minutes, [], { owner: { kind, name: 'checkout', uid: 'uid-checkout' } });
    const view = viewOf({ pod: [pod], workload, node: [aNode()] });
    expect(detector.evaluate({ subject: { ...checkout, kind }, view, now }).findings).toMatchObject([{ severity }]);
  });
});

describe('stays silent', () => {
  it.each([
    ['before its time to stop is over', -5 * minutes, 15 * minutes],
    ['shortly after', 4 * minutes, 6 * minutes],
  ])('%s, and looks again', (_case, since, left) => {
    expect(judge(leaving(since))).toEqual({ findings: [], recheckAt: now + left });
  });

  it('about a pod that nobody deleted', () => {
    expect(judge(aPod())).toEqual({ findings: [] });
  });
});
