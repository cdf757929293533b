import { describe, expect, it } from 'vitest';
import { initStuck } from '../../../src/analysis/detectors/init-stuck.ts';
import type { ContainerState, ContainerView, PodView } from '../../../src/core/views/pod.ts';
import { aContainer, aPod, aTermination, checkout, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = initStuck.configure({});

function running(forMs: number): ContainerState {
  return { phase: 'running', startedAt: now - forMs };
}

function aWaitingPod(init: Partial<ContainerView>, overrides: Partial<PodView> = {}): PodView {
  const containers = [
    aContainer({ name: 'migrate', role: 'init', ready: false, ...init }),
    aContainer({ ready: false, started: false, state: { phase: 'waiting', reason: 'PodInitializing' } }),
  ];
  return aPod({ phase: 'Pending', containers, ...overrides });
}

/** A pod whose init container took so long. */
function served(tookMs: number): PodView {
  const end = aTermination({
    exitCode: 0,
    reason: 'Completed',
    startedAt: now - 20 * minutes,
    finishedAt: now - 20 * minutes + tookMs,
  });
  const migrate = aContainer({ name: 'migrate', role: 'init', state: { phase: 'terminated', ...end } });
  return aPod({ name: 'old', containers: [migrate, aContainer()] });
}

function judge(...pods: readonly PodView[]) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods }), now });
}

describe('fires', () => {
  it('on an init container that does not end', () => {
    const [finding] = judge(aWaitingPod({ state: running(6 * minutes) })).findings;
    expect(finding).toMatchObject({ kind: 'init-stuck', severity: 'critical', since: now - 6 * minutes });
    expect(finding?.exemplar).toEqual({ pod: 'checkout-2-a', container: 'migrate', previous: false });
    expect(finding?.cause).toContain(
      'Init container migrate has been running for more than 5 min; 1 container of the pod waits for its end.',
    );
  });

  it('and says how long it took elsewhere', () => {
    const [finding] = judge(aWaitingPod({ state: running(6 * minutes) }), served(4 * seconds)).findings;
    expect(finding?.severity).toBe('warning');
    expect(finding?.cause).toContain('In the pods that run it took at most 4 s.');
  });
});

describe('stays silent', () => {
  it('while it may still end, and looks again', () => {
    const judged = judge(aWaitingPod({ state: running(4 * minutes) }));
    expect(judged).toEqual({ findings: [], recheckAt: now + minutes });
  });

  it('on one that is always slow', () => {
    const judged = judge(aWaitingPod({ state: running(9 * minutes) }), served(5 * minutes));
    expect(judged).toEqual({ findings: [], recheckAt: now + minutes });
  });

  it.each<[string, PodView]>([
    ['one that crashes', aWaitingPod({ state: { phase: 'waiting', reason: 'CrashLoopBackOff' } })],
    ['a sidecar', aWaitingPod({ role: 'sidecar', state: running(60 * minutes) })],
    [
      'a pod that is being deleted',
      aWaitingPod({ state: running(6 * minutes) }, { deletion: { since: now, finalizers: [] } }),
    ],
    ['a pod that runs', served(seconds)],
  ])('on %s', (_case, pod) => {
    expect(judge(pod).findings).toEqual([]);
  });
});
