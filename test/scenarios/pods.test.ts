import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type Json, readString } from '../../src/core/json.ts';
import { crash, manifest, play, releaseWell, rootsOf, rootWith } from '../support/shop-scenario.ts';

/** Everything counts soon, so that a proof takes seconds. */
const detectors = `{
  container-config: { graceSeconds: 1, volumeSeconds: 1 },
  unschedulable: { graceSeconds: 1 },
  probe-failing: { graceSeconds: 1, startSeconds: 2, startupSeconds: 2 },
  init-stuck: { forSeconds: 2 },
  pod-stuck-terminating: { forSeconds: 1 },
}`;

interface PodPlay {
  /** Asked when it is shown, so that its times are of then. */
  readonly status: () => Json;
  readonly finalizers?: string[];
  readonly init?: boolean;
  /** Reason and note of an Event about it. */
  readonly event?: readonly [reason: string, note: string];
}

/** A pod whose status nobody but the test writes. */
function show(cluster: SimulatedCluster, { status, finalizers = [], init = false, event }: PodPlay): void {
  const container = { name: 'app', image: 'app:1' };
  const spec = { containers: [container], ...(init ? { initContainers: [{ ...container, name: 'wait' }] } : {}) };
  const annotations = { 'sim.lifeguard.dev/still': 'true' };
  const own = { name: 'app', namespace: 'shop', annotations, finalizers };
  const applied = cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: own, spec, status: status() });
  if (event === undefined) return;
  const uid = readString(applied, 'metadata', 'uid') ?? '';
  const fieldPath = 'spec.containers{app}';
  cluster.apply({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'app.1', namespace: 'shop' },
    regarding: {
      kind: 'Pod',
      namespace: 'shop',
      name: 'app',
      uid,
      ...(event[0] === 'FailedMount' ? {} : { fieldPath }),
    },
    type: event[0] === 'Killing' ? 'Normal' : 'Warning',
    reason: event[0],
    note: event[1],
    deprecatedLastTimestamp: time(0),
    deprecatedCount: 3,
  });
}

function time(secondsAgo: number): string {
  return new Date(Date.now() - secondsAgo * 1000).toISOString();
}

function condition(type: string, status: string, reason = '', message = '') {
  return { type, status, reason, message, lastTransitionTime: time(60) };
}

function container(state: Json, more: Readonly<Record<string, Json>> = {}): Json {
  return { name: 'app', ready: false, started: true, restartCount: 0, state, ...more };
}

const runs = { running: { startedAt: time(60) } };
const creating = { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] };
const unready = { phase: 'Running', conditions: [condition('Ready', 'False')], containerStatuses: [container(runs)] };

/** A run that a probe has just ended. */
function killed(): Json {
  return { terminated: { exitCode: 137, reason: 'Error', startedAt: time(10), finishedAt: time(0) } };
}

function waitingForInit(startedAt: string): Json {
  const init = { name: 'wait', ready: false, started: true, restartCount: 0, state: { running: { startedAt } } };
  const main = container({ waiting: { reason: 'PodInitializing' } }, { started: false });
  return { phase: 'Pending', initContainerStatuses: [init], containerStatuses: [main] };
}

function unscheduled(reason: string, message: string): Json {
  return { phase: 'Pending', conditions: [condition('PodScheduled', 'False', reason, message)] };
}

describe('one thread', () => {
  it('about a release that needs a ConfigMap which does not exist, with the way back', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    const next = manifest({ image: 'app:2' });
    const envFrom = [{ configMapRef: { name: 'limits' } }];
    const template = {
      metadata: { labels: { app: 'app' } },
      spec: { containers: [{ name: 'app', image: 'app:2', envFrom }] },
    };
    scene.cluster.apply({ ...next, spec: { replicas: 1, selector: { matchLabels: { app: 'app' } }, template } });
    await rootWith(
      scene.slack,
      'shop/app: container cannot be started',
      'ConfigMap limits does not exist',
      'op:approve',
    );
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it.each<[string, PodPlay, readonly string[]]>([
    [
      'a volume that cannot be mounted',
      {
        status: () => creating,
        event: ['FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "db" not found'],
      },
      ['shop/app: container cannot be started', 'volume v cannot be mounted: Secret db does not exist'],
    ],
    [
      'a pod that finds no node',
      { status: () => unscheduled('Unschedulable', '0/1 nodes are available: 1 Insufficient memory.') },
      ['shop/app: pods find no node', 'On the only node not enough memory is left'],
    ],
    [
      'a readiness probe that asks a port on which nothing listens',
      {
        status: () => unready,
        event: ['Unhealthy', 'Readiness probe failed: dial tcp 10.0.0.1:99: connect: connection refused'],
      },
      ['shop/app: pods are not ready', 'nothing listens on port 99'],
    ],
    [
      'a pod that is not ready and of which nothing is said',
      { status: () => unready },
      ['shop/app: pods are not ready'],
    ],
    [
      'restarts by a liveness probe',
      {
        status: () => ({ ...unready, containerStatuses: [container(runs, { restartCount: 2, lastState: killed() })] }),
        event: ['Killing', 'Container app failed liveness probe, will be restarted'],
      },
      ['shop/app: liveness probe restarts the container again and again', 'was restarted 2 times'],
    ],
    [
      'a start that its startup probe ended',
      {
        status: () => ({
          ...unready,
          containerStatuses: [container(runs, { started: false, restartCount: 1, lastState: killed() })],
        }),
        event: ['Killing', 'Container app failed startup probe, will be restarted'],
      },
      ['shop/app: startup probe does not succeed', 'was restarted once'],
    ],
    [
      'an init container that hangs',
      { init: true, status: () => waitingForInit(time(60)) },
      ['shop/app: init container does not end', 'Init container wait has been running'],
    ],
    [
      'a pod that its node gave up',
      {
        status: () => ({
          phase: 'Failed',
          reason: 'Evicted',
          message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi.',
        }),
      },
      ['shop/app: pods are evicted by their node', 'the node ran short of memory'],
    ],
  ])('about %s', async (_fault, pod, texts) => {
    const { cluster, slack } = await play({ detectors });
    show(cluster, pod);
    await rootWith(slack, ...texts);
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('about a deleted pod that a finalizer holds', async () => {
    const { cluster, slack } = await play({ detectors });
    const status = () => ({ phase: 'Running', containerStatuses: [container(runs, { ready: true })] });
    show(cluster, { finalizers: ['example.com/guard'], status });
    cluster.remove('/api/v1/namespaces/shop/pods/app');
    await rootWith(slack, 'shop/app: deleted pods do not go', 'example.com/guard holds it');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('no thread', () => {
  it.each<[string, PodPlay]>([
    [
      'a volume that was missing and came',
      {
        status: () => ({
          ...unready,
          conditions: [condition('Ready', 'True')],
          containerStatuses: [container(runs, { ready: true })],
        }),
        event: ['FailedMount', 'secret "db" not found'],
      },
    ],
    ['a pod behind a scheduling gate', { status: () => unscheduled('SchedulingGated', 'Scheduling is blocked') }],
    [
      'one restart by a liveness probe',
      {
        status: () => ({
          ...unready,
          conditions: [condition('Ready', 'True')],
          containerStatuses: [container(runs, { ready: true, restartCount: 1, lastState: killed() })],
        }),
        event: ['Killing', 'Container app failed liveness probe, will be restarted'],
      },
    ],
    ['a node that was shut down', { status: () => ({ phase: 'Failed', reason: 'Terminated' }) }],
    [
      'a pod that has completed',
      {
        status: () => ({
          phase: 'Succeeded',
          containerStatuses: [
            container({ terminated: { exitCode: 0, reason: 'Completed', startedAt: time(9), finishedAt: time(2) } }),
          ],
        }),
      },
    ],
    ['an init container that has just begun', { init: true, status: () => waitingForInit(time(-3600)) }],
  ])('about %s', async (_case, pod) => {
    const { cluster, slack } = await play({ detectors });
    show(cluster, pod);
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('about a deleted pod that goes', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    scene.cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'once', namespace: 'shop' },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    });
    scene.cluster.remove('/api/v1/namespaces/shop/pods/once');
    scene.cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(scene.slack, 'shop/marker: crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });
});
