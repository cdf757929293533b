import { describe, expect, it } from 'vitest';
import { probeFailing } from '../../../src/analysis/detectors/probe-failing.ts';
import type { EventView } from '../../../src/core/views/event.ts';
import type { ContainerView, PodView } from '../../../src/core/views/pod.ts';
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
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = probeFailing.configure({});

function podEvent(reason: string, note: string, overrides: Partial<EventView> = {}): EventView {
  const regarding = { kind: 'Pod', namespace: 'shop', name: 'checkout-2-a', uid: 'uid-checkout-2-a' };
  const times = { createdAt: now - 2 * minutes, lastSeen: now - 5 * seconds };
  return anEvent({ uid: `uid-${note}`, regarding, container: 'app', reason, note, ...times, ...overrides });
}

function running(secondsAgo: number, overrides: Partial<ContainerView> = {}): ContainerView {
  return aContainer({ ready: false, state: { phase: 'running', startedAt: now - secondsAgo * seconds }, ...overrides });
}

/** Its containers began so long ago, and it has not been ready since, unless said otherwise. */
function unready(secondsAgo: number, overrides: Partial<PodView> = {}): PodView {
  const began = now - secondsAgo * seconds;
  return aPod({ containers: [running(secondsAgo)], createdAt: began, readySince: began, ...overrides });
}

function judge(pods: readonly PodView[], parts: ViewParts = {}) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods, ...parts }), now });
}

const refused = 'Get "http://10.0.0.7:9999/ready": dial tcp 10.0.0.7:9999: connect: connection refused';

describe('readiness', () => {
  it.each([
    [refused, 'nothing listens on port 9999 (connection refused)'],
    ['HTTP probe failed with statuscode: 503', 'it answers with HTTP status 503'],
    ['Get "http://10.0.0.7/": context deadline exceeded (Client.Timeout exceeded)', 'it does not answer in time'],
    ['db is down', 'it says "db is down"'],
    ['', 'without a word'],
  ])('fires on a start that takes too long, and explains "%s"', (words, meaning) => {
    const event = podEvent('Unhealthy', `Readiness probe failed: ${words}`);
    const [finding] = judge([unready(61)], { event: [event] }).findings;
    expect(finding).toMatchObject({ kind: 'readiness-failing', severity: 'critical', since: now - 61 * seconds });
    expect(finding?.cause).toContain(`does not become ready, because its readiness probe fails: ${meaning}.`);
    expect(finding?.release?.toRevision).toBe(2);
  });

  it('fires without an Event, and quotes the probe and the declared ports', () => {
    const template = {
      labels: { app: 'checkout' },
      containers: [{ name: 'app', ports: [{ number: 8080 }], probes: { readiness: 'GET :9999/ready every 10 s' } }],
    };
    const [finding] = judge([unready(61)], { workload: [aWorkload({ template })] }).findings;
    expect(finding?.cause).toContain('Container app runs and does not become ready.');
    expect(finding?.cause).toContain(
      'The readiness probe is GET :9999/ready every 10 s. The container declares port 8080.',
    );
  });

  it('fires soon on a pod that was ready before', () => {
    const pod = unready(3600, { readySince: now - 31 * seconds });
    const [finding] = judge([pod]).findings;
    expect(finding).toMatchObject({ since: now - 31 * seconds });
    expect(finding?.cause).toContain('was ready and is not any more');
  });

  it('fires on a pod that only a readiness gate holds back', () => {
    const pod = unready(61, { containers: [running(61, { ready: true })], ready: false });
    expect(judge([pod]).findings[0]?.cause).toContain('a readiness gate holds it back');
  });

  it.each<[string, PodView, number]>([
    ['a start', unready(20), 40],
    ['a moment of unreadiness', unready(3600, { readySince: now - 10 * seconds }), 20],
  ])('stays silent about %s, and looks again', (_case, pod, left) => {
    expect(judge([pod])).toEqual({ findings: [], recheckAt: now + left * seconds });
  });

  it('gives a start the time that the others took', () => {
    const readySince = now - 10 * minutes + 100 * seconds;
    const slow = aPod({ name: 'other', readySince, containers: [aContainer()] });
    expect(judge([unready(61), slow])).toEqual({ findings: [], recheckAt: now + 139 * seconds });
  });

  it.each<[string, PodView, ViewParts]>([
    ['a pod that is ready', aPod(), {}],
    ['a pod that is being deleted', unready(61, { deletion: { since: now, finalizers: [] } }), {}],
    ['a pod that has ended', unready(61, { phase: 'Succeeded' }), {}],
    [
      'a container that crashes',
      unready(61, { containers: [running(61, { state: { phase: 'waiting', reason: 'CrashLoopBackOff' } })] }),
      {},
    ],
    ['a node that is not ready', unready(61, { node: 'node-1' }), { node: [aNode({ ready: false })] }],
  ])('stays silent about %s', (_case, pod, parts) => {
    expect(judge([pod], parts).findings).toEqual([]);
  });
});

const killing = podEvent('Killing', 'Container app failed liveness probe, will be restarted', { type: 'Normal' });
const stopped = aTermination({ exitCode: 137, startedAt: now - minutes, finishedAt: now - 20 * seconds });

function restarted(restarts: number, overrides: Partial<ContainerView> = {}): PodView {
  return aPod({ createdAt: now - 3 * minutes, containers: [running(5, { restarts, last: stopped, ...overrides })] });
}

describe('liveness', () => {
  it('fires on the second restart because of it', () => {
    const failure = podEvent('Unhealthy', `Liveness probe failed: ${refused}`);
    const judged = judge([restarted(2)], { event: [killing, failure] });
    expect(judged.findings).toMatchObject([{ kind: 'liveness-failing', occurrences: 2, since: now - 2 * minutes }]);
    expect(judged.findings[0]?.cause).toContain(
      'Container app was restarted 2 times because its liveness probe fails: nothing listens on port 9999',
    );
    expect(judged.recheckAt).toBeLessThanOrEqual(stopped.finishedAt + 10 * minutes);
  });

  it('fires although the kubelet reports no more, when the ends look alike', () => {
    const old = { ...killing, lastSeen: now - 2 * minutes };
    expect(judge([restarted(9)], { event: [old] }).findings).toMatchObject([{ kind: 'liveness-failing' }]);
  });

  it.each<[string, PodView, readonly EventView[]]>([
    ['one restart that helped', restarted(1), [killing]],
    ['restarts without a probe', restarted(2), []],
    [
      'crashes after such a restart',
      restarted(3, { last: { ...stopped, exitCode: 1 } }),
      [{ ...killing, lastSeen: now - 2 * minutes }],
    ],
    ['a kill for memory', restarted(2, { last: { ...stopped, reason: 'OOMKilled' } }), [killing]],
    ['the past', restarted(2, { last: { ...stopped, finishedAt: now - 11 * minutes } }), [killing]],
    ['restarts hours apart', restarted(2, { last: { ...stopped, startedAt: now - 180 * minutes } }), [killing]],
    ['another container', restarted(2), [{ ...killing, container: 'proxy' }]],
    ['a namesake', { ...restarted(2), uid: 'uid-other' }, [killing]],
  ])('stays silent about %s', (_case, pod, event) => {
    expect(judge([pod], { event }).findings).toEqual([]);
  });
});

describe('startup', () => {
  const given = podEvent('Killing', 'Container app failed startup probe, will be restarted', { type: 'Normal' });

  it('fires when the kubelet gives a start up', () => {
    const failure = podEvent('Unhealthy', 'Startup probe failed: dial tcp 10.0.0.7:9999: connect: connection refused');
    const [finding] = judge([restarted(1, { started: false })], { event: [given, failure] }).findings;
    expect(finding?.kind).toBe('startup-failing');
    expect(finding?.cause).toContain(
      'was restarted once because its startup probe fails: nothing listens on port 9999',
    );
  });

  it('fires on a start that does not end', () => {
    const pod = aPod({ containers: [running(301, { started: false })] });
    expect(judge([pod]).findings[0]?.cause).toContain('runs, but its startup probe has not succeeded');
  });

  it.each<[string, PodView, readonly EventView[]]>([
    ['a start under way', aPod({ containers: [running(200, { started: false })] }), []],
    ['a start that went well after all', restarted(1, { started: true, ready: true }), [given]],
  ])('stays silent about %s', (_case, pod, event) => {
    expect(judge([pod], { event }).findings).toEqual([]);
  });
});
