import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type JsonObject, readArray, readPath, readString } from '../../src/core/json.ts';
import { openRawApi, type RawApi } from '../support/kubernetes/raw-api.ts';
import { credentialsOf } from '../support/kubernetes/simulated.ts';
import { soon } from '../support/patience.ts';

const pods = '/api/v1/namespaces/shop/pods';
let cluster: SimulatedCluster;
let api: RawApi;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ startMs: 10, backoff: 0.01 });
  api = openRawApi(await credentialsOf(cluster));
});

beforeEach(() => {
  cluster.faults.forbid(null);
});

afterAll(async () => {
  await api.close();
  await cluster.stop();
});

function addPod(name: string, annotations: Readonly<Record<string, string>>, extra: JsonObject = {}): void {
  const notes = Object.fromEntries(
    Object.entries(annotations).map(([key, text]) => [`sim.lifeguard.dev/${key}`, text]),
  );
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', annotations: notes },
    spec: { containers: [{ name: 'app', image: 'shop.local/cart:1.0.0' }], ...extra },
  });
}

function containerOf(name: string): unknown {
  return readArray(cluster.get(`${pods}/${name}`), 'status', 'containerStatuses')[0];
}

async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, soon);
}

test('an annotation makes a container crash with a code and last lines', async () => {
  const log = 'Traceback:\n  cart.py line 7\nKeyError: price';
  addPod('crashing', { 'crash-after': '20ms', 'exit-code': '42', 'crash-log': log });
  await until(() => {
    expect(readPath(containerOf('crashing'), 'lastState', 'terminated')).toMatchObject({
      exitCode: 42,
      reason: 'Error',
    });
    expect(Number(readPath(containerOf('crashing'), 'restartCount'))).toBeGreaterThan(2);
  });
  const { text } = await api.call({ path: `${pods}/crashing/log?previous=true&tailLines=3` });
  expect(text).toBe(`${log}\n`);
});

test('waits between restarts double to five minutes', async () => {
  const since = readString((await api.call({ path: pods })).body, 'metadata', 'resourceVersion');
  addPod('waiting', { 'crash-after': '1ms' });
  const path = `${pods}?watch=true&resourceVersion=${since}&fieldSelector=metadata.name%3Dwaiting`;
  const changes = await api.watch(path, ({ object }) => backOffOf(object) === '5m0s');
  const waits = changes.flatMap(({ object }) => backOffOf(object) ?? []);
  expect([...new Set(waits)]).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
});

/** How long its container waits, as the kubelet says it. */
function backOffOf(pod: JsonObject): string | undefined {
  const [status] = readArray(pod, 'status', 'containerStatuses');
  return /^back-off (\S+)/.exec(readString(status, 'state', 'waiting', 'message') ?? '')?.[1];
}

test('annotations make a container run out of memory or lose its readiness', async () => {
  addPod('leaking', { 'oom-after': '20ms' });
  addPod('sick', { 'not-ready-after': '20ms' });
  await until(() => {
    expect(readPath(containerOf('leaking'), 'lastState', 'terminated')).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
    expect(containerOf('sick')).toMatchObject({ ready: false, restartCount: 0 });
    const ready = readArray(cluster.get(`${pods}/sick`), 'status', 'conditions').find(
      (one) => readPath(one, 'type') === 'Ready',
    );
    expect(ready).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
  });
});

test('rights can be taken away and given back', async () => {
  cluster.faults.forbid({ verb: 'list', resource: 'pods', namespace: 'shop' });
  const message =
    'pods is forbidden: User "kubernetes-admin" cannot list resource "pods" in API group "" in the namespace "shop"';
  expect((await api.call({ path: pods })).body).toMatchObject({ code: 403, reason: 'Forbidden', message });
  expect((await api.call({ path: '/api/v1/namespaces/default/pods' })).status).toBe(200);
  cluster.faults.forbid(null);
  expect((await api.call({ path: pods })).status).toBe(200);
});

test('planned failures hit the requests they match, as often as asked', async () => {
  cluster.faults.failNext({ match: /^GET .*\/nodes$/, status: 503, times: 2 });
  const statuses: number[] = [];
  for (const path of ['/api/v1/nodes', pods, '/api/v1/nodes', '/api/v1/nodes'])
    statuses.push((await api.call({ path })).status);
  expect(statuses).toEqual([503, 200, 503, 200]);
});

test('forgotten history ends lists under way and watches from before', async () => {
  const page = await api.call({ path: '/api/v1/nodes?limit=1' });
  const token = encodeURIComponent(readString(page.body, 'metadata', 'continue') ?? '');
  cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'news', namespace: 'shop' } });
  cluster.faults.expireHistory();
  expect((await api.call({ path: `/api/v1/nodes?limit=1&continue=${token}` })).body).toMatchObject({
    code: 410,
    reason: 'Expired',
  });
  const since = readString(page.body, 'metadata', 'resourceVersion') ?? '';
  const events = await api.watch(`/api/v1/nodes?watch=true&resourceVersion=${since}`);
  expect(events).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
});

test('every request is on record', async () => {
  const before = cluster.requests().length;
  const body = { data: { a: 'b' } };
  const path = '/api/v1/namespaces/shop/configmaps/news';
  await api.call({ method: 'PATCH', path: `${path}?dryRun=All`, body, contentType: 'application/merge-patch+json' });
  await api.call({ path, authorization: 'Bearer stranger' });
  const [patched, refused] = cluster.requests().slice(before);
  expect(patched).toMatchObject({ user: 'kubernetes-admin', verb: 'patch', path, code: 200, dryRun: true });
  expect(patched?.contentType).toBe('application/merge-patch+json');
  expect(refused).toMatchObject({ user: 'system:anonymous', verb: 'get', path, code: 401, dryRun: false });
});

test('thousands of pods are there at once, and their changes are watched', async () => {
  const bulk = cluster.bulkPods(2_000);
  const list = await api.call({ path: '/api/v1/namespaces/bulk/pods' });
  expect(readArray(list.body, 'items')).toHaveLength(2_000);
  const since = readString(list.body, 'metadata', 'resourceVersion') ?? '';
  bulk.change(3_000);
  let seen = 0;
  await api.watch(`/api/v1/namespaces/bulk/pods?watch=true&resourceVersion=${since}`, () => {
    seen += 1;
    return seen === 3_000;
  });
  expect(seen).toBe(3_000);
});

test('an annotation takes a node down: its kubelet is silent, its pods are not ready, and no pod comes to it', async () => {
  addPod('tenant', {});
  const ready = (path: string) =>
    readArray(cluster.get(path), 'status', 'conditions').find((one) => readString(one, 'type') === 'Ready');
  await until(() => expect(readString(ready(`${pods}/tenant`), 'status')).toBe('True'));
  const name = readString(cluster.get(`${pods}/tenant`), 'spec', 'nodeName') ?? '';
  const mark = (down: string) =>
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, annotations: { 'sim.lifeguard.dev/down': down } },
    });
  mark('true');
  await until(() =>
    expect(ready(`/api/v1/nodes/${name}`)).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' }),
  );
  expect(ready(`${pods}/tenant`)).toMatchObject({ status: 'False' });
  for (let index = 0; index < 4; index += 1) addPod(`later-${index}`, {});
  await until(() => {
    const later = [0, 1, 2, 3].map((index) => readString(cluster.get(`${pods}/later-${index}`), 'spec', 'nodeName'));
    expect(later).not.toContain(undefined);
    expect(later).not.toContain(name);
  });
  mark('false');
  await until(() => expect(ready(`${pods}/tenant`)).toMatchObject({ status: 'True' }));
});

test('serves an add-on once there is something of it', () => {
  const path = '/apis/gateway.networking.k8s.io/v1/gateways';
  expect(cluster.get(path)).toBeUndefined();
  const [apiVersion, kind] = ['gateway.networking.k8s.io/v1', 'GatewayClass'];
  cluster.apply({ apiVersion, kind, metadata: { name: 'envoy' } });
  expect(cluster.get(path)).toMatchObject({ kind: 'GatewayList', items: [] });
  cluster.remove('/apis/gateway.networking.k8s.io/v1/gatewayclasses/envoy');
  expect(cluster.get(path)).toBeUndefined();
});
