import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type JsonObject, readString } from '../../src/core/json.ts';
import { crash, manifest, play, releaseWell, rootsOf, rootWith, type Scene } from '../support/shop-scenario.ts';

/** Everything counts soon, so that a proof takes seconds. */
const detectors = `{
  rollout-stuck: { graceSeconds: 1, forSeconds: 2 },
  create-failed: { graceSeconds: 1 },
  cronjob-missed: { graceSeconds: 0, blockedMinutes: 0 },
}`;

interface Slow {
  readonly kind?: 'Deployment' | 'StatefulSet';
  /** How long its pods take to become ready; only a probe notices. */
  readonly seconds: string;
  readonly more?: JsonObject;
}

/** The next release of `shop/app`, which takes its time. */
function slowRelease({ kind = 'Deployment', seconds, more = {} }: Slow): JsonObject {
  const labels = { app: 'app' };
  const probe = { httpGet: { path: '/', port: 80 } };
  const env = [{ name: 'START_DELAY_S', value: seconds }];
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'app:2', env, readinessProbe: probe }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template, ...more };
  return { apiVersion: 'apps/v1', kind, metadata: { name: 'app', namespace: 'shop' }, spec };
}

async function expectOnlyMarker({ cluster, slack }: Scene): Promise<void> {
  mark(cluster);
  await rootWith(slack, 'shop/marker: crash loop');
  expect(rootsOf(slack)).toHaveLength(1);
}

/** A crash that is told: everything before it has been looked at by then. */
function mark(cluster: SimulatedCluster): void {
  cluster.apply(manifest({ name: 'marker', env: crash }));
}

describe('a rollout', () => {
  it('past its deadline becomes one thread, with the way back', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    scene.cluster.apply(slowRelease({ seconds: '600', more: { progressDeadlineSeconds: 1 } }));
    await rootWith(scene.slack, 'shop/app: rollout does not go on', 'Revision 2 made no progress', 'op:approve');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('that stands at an ordinal becomes one thread', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(slowRelease({ kind: 'StatefulSet', seconds: '600', more: { replicas: 3 } }));
    await rootWith(scene.slack, 'shop/app: rollout does not go on', 'Ordinal 0', '2 pods behind it wait');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('that takes its time becomes none', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    scene.cluster.apply(slowRelease({ seconds: '2', more: { progressDeadlineSeconds: 60 } }));
    await expectOnlyMarker(scene);
  });
});

interface Warning {
  readonly about: JsonObject;
  readonly reason: string;
  readonly note: string;
}

function warn(cluster: SimulatedCluster, { about, reason, note }: Warning): void {
  const [kind, name, uid] = [
    readString(about, 'kind'),
    readString(about, 'metadata', 'name'),
    readString(about, 'metadata', 'uid'),
  ];
  cluster.apply({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name}.1`, namespace: 'shop' },
    regarding: { kind: kind ?? '', namespace: 'shop', name: name ?? '', uid: uid ?? '' },
    type: 'Warning',
    reason,
    note,
    deprecatedLastTimestamp: new Date().toISOString(),
    deprecatedCount: 3,
  });
}

function job(name: string, more: JsonObject = {}): JsonObject {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'app:1' }] } };
  const spec = { backoffLimit: 1, template };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'shop', ...more }, spec };
}

const exceeded =
  'forbidden: exceeded quota: small, requested: requests.cpu=400m, used: requests.cpu=250m, limited: requests.cpu=300m';

describe('pods that may not be created', () => {
  it('become one thread about their Deployment', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    const [set = {}] = scene.cluster.list('/apis/apps/v1/namespaces/shop/replicasets');
    const lastTransitionTime = new Date().toISOString();
    const refusal = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: exceeded,
      lastTransitionTime,
    };
    const name = readString(set, 'metadata', 'name') ?? '';
    const own = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'shop' } };
    scene.cluster.apply({ ...own, status: { conditions: [refusal] } });
    await rootWith(
      scene.slack,
      'shop/app: pods cannot be created',
      'Quota small of namespace shop is full: 250m of 300m',
    );
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('become one thread about their Job', async () => {
    const { cluster, slack } = await play({ detectors });
    warn(cluster, { about: cluster.apply(job('report')), reason: 'FailedCreate', note: exceeded });
    await rootWith(slack, 'shop/report: pods cannot be created', 'Quota small');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('because their predecessor has not gone yet become none', async () => {
    const scene = await play({ detectors });
    const note = 'object is being deleted: pods "report-x" already exists';
    warn(scene.cluster, { about: scene.cluster.apply(job('report')), reason: 'FailedCreate', note });
    await expectOnlyMarker(scene);
  });
});

/** As its controller leaves a Job that has ended. */
function ended(name: string, type: 'Complete' | 'Failed', more: JsonObject = {}): JsonObject {
  const reason = type === 'Failed' ? 'BackoffLimitExceeded' : '';
  const condition = { type, status: 'True', reason, lastTransitionTime: new Date().toISOString() };
  return { ...job(name, more), status: { failed: 2, conditions: [condition] } };
}

interface Scheduled {
  readonly schedule: string;
  readonly suspend?: boolean;
  readonly concurrencyPolicy?: 'Allow' | 'Forbid';
  /** Name of the run that goes on. */
  readonly run?: string;
}

function cronJob({ schedule, suspend = false, concurrencyPolicy = 'Allow', run }: Scheduled): JsonObject {
  const spec = { schedule, suspend, concurrencyPolicy, jobTemplate: {} };
  const status = { active: run === undefined ? [] : [{ kind: 'Job', namespace: 'shop', name: run }] };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' }, spec, status };
}

function ownedBy(owner: JsonObject): JsonObject {
  const [name, uid] = [readString(owner, 'metadata', 'name') ?? '', readString(owner, 'metadata', 'uid') ?? ''];
  return { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }] };
}

describe('a Job', () => {
  it('that failed becomes one thread', async () => {
    const { cluster, slack } = await play({ detectors });
    cluster.apply(ended('report', 'Failed'));
    await rootWith(slack, 'shop/report: job has failed', 'It failed 2 times, and its limit is 1 retry');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('of a schedule that failed becomes one thread about the schedule', async () => {
    const { cluster, slack } = await play({ detectors });
    const owner = cluster.apply(cronJob({ schedule: '0 0 1 1 *' }));
    cluster.apply(ended('nightly-1', 'Failed', ownedBy(owner)));
    await rootWith(slack, 'shop/nightly: scheduled job fails', 'no run has succeeded yet');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('that succeeded after failures becomes none', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(ended('report', 'Complete'));
    await expectOnlyMarker(scene);
  });
});

describe('a schedule', () => {
  it('whose run does not start becomes one thread', async () => {
    const { cluster, slack } = await play({ detectors });
    const owner = cluster.apply(cronJob({ schedule: '@every 1s' }));
    warn(cluster, { about: owner, reason: 'FailedCreate', note: `Error creating job: jobs.batch is ${exceeded}` });
    await rootWith(slack, 'shop/nightly: scheduled run did not start', 'None has started yet.');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('whose previous run does not end becomes one thread in words of its own', async () => {
    const { cluster, slack } = await play({ detectors });
    cluster.apply(cronJob({ schedule: '@every 1s', concurrencyPolicy: 'Forbid', run: 'nightly-1' }));
    await rootWith(slack, 'shop/nightly: previous run is still going', 'runs must not overlap');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('that is suspended, or not due yet, becomes none', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(cronJob({ schedule: '@every 1s', suspend: true }));
    scene.cluster.apply({ ...cronJob({ schedule: '@every 1h' }), metadata: { name: 'hourly', namespace: 'shop' } });
    await expectOnlyMarker(scene);
  });
});
