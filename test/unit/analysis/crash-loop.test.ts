import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../src/analysis/detector.ts';
import { crashLoop } from '../../../src/analysis/detectors/crash-loop.ts';
import type { ContainerView, PodView } from '../../../src/core/views/pod.ts';
import {
  aContainer,
  aCrashingContainer,
  aPod,
  aRevision,
  aTermination,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = crashLoop.configure({});

function judge(...pods: readonly PodView[]): Judgement {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods }), now });
}

function judgeContainer(container: ContainerView, pod: Partial<PodView> = {}): Judgement {
  return judge(aPod({ ...pod, containers: [container] }));
}

describe('fires', () => {
  it('on the second crash, while the container waits for its restart', () => {
    const [finding] = judgeContainer(aCrashingContainer(2)).findings;
    expect(finding).toMatchObject({
      kind: 'crash-loop',
      severity: 'critical',
      occurrences: 2,
      affectedPods: 1,
      totalPods: 1,
      subject: checkout,
    });
    expect(finding?.cause).toContain(
      'Container app exits with code 1 (Error); it crashed 2 times; the latest run lasted 2 s.',
    );
  });

  it('on the second crash, seen before the kubelet decides to wait', () => {
    const state = { phase: 'terminated', ...aTermination() } as const;
    expect(judgeContainer(aContainer({ ready: false, restarts: 1, state })).findings).toHaveLength(1);
  });

  it('on a pod caught between two crashes, in state Running', () => {
    const state = { phase: 'running', startedAt: now - 1 * seconds } as const;
    expect(judgeContainer(aContainer({ restarts: 2, state, last: aTermination() })).findings).toHaveLength(1);
  });

  it.each([
    [127, 'a command was not found'],
    [126, 'a command may not be executed'],
  ])('and says what shells mean by code %d', (exitCode, words) => {
    const [finding] = judgeContainer(aCrashingContainer(2, { last: aTermination({ exitCode }) })).findings;
    expect(finding?.cause).toContain(`exits with code ${exitCode} (${words})`);
  });

  it('on an init container', () => {
    const [finding] = judgeContainer(aCrashingContainer(2, { name: 'migrate', role: 'init' })).findings;
    expect(finding?.cause).toContain('Init container migrate exits with code 1');
  });

  it('on out of memory, as a kind of its own, naming the limit', () => {
    const last = aTermination({ exitCode: 137, reason: 'OOMKilled' });
    const [finding] = judgeContainer(aCrashingContainer(3, { last, memoryLimit: 64 * 1024 ** 2 })).findings;
    expect(finding).toMatchObject({ kind: 'oom-loop', title: 'out-of-memory loop' });
    expect(finding?.cause).toContain('more than its memory limit of 64 MiB (OOMKilled, exit code 137)');
  });

  it('on a clean exit of a container that should keep running', () => {
    expect(
      judgeContainer(aCrashingContainer(2, { last: aTermination({ exitCode: 0, reason: 'Completed' }) })).findings,
    ).toHaveLength(1);
  });

  it('once for all pods of the owner, and only as a warning while others are fine', () => {
    const bad = aPod({ name: 'a', containers: [aCrashingContainer(4)] });
    const good = aPod({ name: 'b' });
    const { findings } = judge(bad, aPod({ ...bad, name: 'c', uid: 'c' }), good);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning', affectedPods: 2, totalPods: 3, occurrences: 8 });
  });

  it('until the window after the last crash has passed, and says when to look again', () => {
    expect(judgeContainer(aCrashingContainer(2)).recheckAt).toBe(now - 10 * seconds + 10 * minutes);
  });
});

describe('stays silent', () => {
  it.each([
    ['on the first crash', aCrashingContainer(1)],
    [
      'on one restart long ago',
      aContainer({
        restarts: 1,
        last: aTermination({ startedAt: now - 3 * 3600_000, finishedAt: now - 2 * 3600_000 }),
      }),
    ],
    [
      'on two crashes far apart',
      aContainer({
        restarts: 2,
        last: aTermination({ startedAt: now - 60 * minutes, finishedAt: now - 30 * seconds }),
      }),
    ],
    [
      'on many crashes that ended hours ago',
      aContainer({
        restarts: 9,
        last: aTermination({ startedAt: now - 121 * minutes, finishedAt: now - 120 * minutes }),
      }),
    ],
    [
      'on a finished init container',
      aContainer({
        role: 'init',
        ready: true,
        restarts: 0,
        state: { phase: 'terminated', ...aTermination({ exitCode: 0, reason: 'Completed' }) },
      }),
    ],
    [
      'on a container that cannot start',
      aContainer({ ready: false, state: { phase: 'waiting', reason: 'ImagePullBackOff' } }),
    ],
  ])('%s', (_case, container) => {
    expect(judgeContainer(container).findings).toEqual([]);
  });

  it.each<[string, Partial<PodView>]>([
    ['on a pod that is being deleted', { deletion: { since: now, finalizers: [] } }],
    ['on a completed pod', { phase: 'Succeeded' }],
    ['on a failed pod that is not restarted', { phase: 'Failed', restartPolicy: 'Never' }],
  ])('%s', (_case, pod) => {
    expect(judgeContainer(aCrashingContainer(3), pod).findings).toEqual([]);
  });

  it('on a clean exit where the pod restarts only on failure', () => {
    const container = aCrashingContainer(2, { last: aTermination({ exitCode: 0, reason: 'Completed' }) });
    expect(judgeContainer(container, { restartPolicy: 'OnFailure' }).findings).toEqual([]);
  });
});

describe('what changed', () => {
  const crashing = aPod({ containers: [aCrashingContainer(2)] });
  const changed = aRevision(2, {
    containers: [
      {
        name: 'app',
        image: 'shop/checkout:1.0.1',
        env: { CRASH_AFTER_S: '2' },
        command: '',
        resources: { 'limits.memory': '64Mi' },
      },
    ],
  });

  function judgeRevisions(revisions: ViewParts['revision'], pod = crashing): Judgement {
    return detector.evaluate({ subject: checkout, view: viewOf({ pod: [pod], revision: revisions ?? [] }), now });
  }

  it('names the release: image, env and resources against the revision before', () => {
    const [finding] = judgeRevisions([aRevision(1), changed]).findings;
    expect(finding?.release).toMatchObject({ fromRevision: 1, toRevision: 2 });
    expect(finding?.release?.changes).toEqual([
      'image of app: shop/checkout:1.0.0 -> shop/checkout:1.0.1',
      'env of app: CRASH_AFTER_S=2 added',
      'resources of app: limits.memory=64Mi added',
    ]);
    expect(finding?.cause).toMatch(
      /It began (right|\d+ s) after revision 2 replaced revision 1 \(09:59:20 UTC\): image of app/,
    );
  });

  it('says when there is nothing before it', () => {
    const [finding] = judgeRevisions([aRevision(2)]).findings;
    expect(finding?.release?.fromRevision).toBeNull();
    expect(finding?.cause).toContain('It began with revision 2, the first of this workload (09:59:20 UTC).');
  });

  it('does not blame a release that is older than the window', () => {
    expect(
      judgeRevisions(
        [aRevision(1), aRevision(2, { createdAt: now - 5 * 3600_000 })],
        aPod({ ...crashing, createdAt: now - 20 * seconds }),
      ).findings[0]?.release,
    ).toBeUndefined();
  });

  it('does not blame a release when pods of the revision before crash as well', () => {
    const old = aPod({
      name: 'old',
      owner: { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' },
      containers: [aCrashingContainer(2)],
    });
    const view = viewOf({ pod: [crashing, old] });
    expect(detector.evaluate({ subject: checkout, view, now }).findings[0]?.release).toBeUndefined();
  });

  it('still blames the release after two hours of crashing', () => {
    const loop = aCrashingContainer(28, {
      last: aTermination({ startedAt: now - 10 * seconds, finishedAt: now - 8 * seconds }),
    });
    const released = now - 2 * 3600_000;
    const pod = aPod({ createdAt: released + 5 * seconds, containers: [loop] });
    expect(
      judgeRevisions([aRevision(1), aRevision(2, { createdAt: released })], pod).findings[0]?.release?.toRevision,
    ).toBe(2);
  });

  it('finds the revision of a StatefulSet by its hash', () => {
    const subject = { kind: 'StatefulSet', namespace: 'shop', name: 'db', uid: 'uid-db' };
    const owner = { kind: 'StatefulSet', name: 'db', uid: 'uid-db' };
    const pod = aPod({ name: 'db-0', owner, revisionHash: 'abc', containers: [aCrashingContainer(2)] });
    const revisions = [aRevision(1, { name: 'db-xyz', owner }), aRevision(2, { name: 'db-abc', owner })];
    const view = viewOf({
      pod: [pod],
      revision: revisions,
      workload: [aWorkload({ kind: 'StatefulSet', name: 'db', uid: 'uid-db' })],
    });
    expect(detector.evaluate({ subject, view, now }).findings[0]?.release).toMatchObject({
      fromRevision: 1,
      toRevision: 2,
    });
  });
});
