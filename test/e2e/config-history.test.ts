import { afterAll, expect, it } from 'vitest';
import { changesAround } from '../../src/analysis/explain/changes.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Signal } from '../../src/core/signal.ts';
import { createClusterReader } from '../../src/platform/kubernetes/cluster-reader.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { createClusterView } from '../../src/signals/cluster-view.ts';
import { createConfigRecorder } from '../../src/signals/config-recorder.ts';
import { slimConfigMap } from '../../src/signals/slim/config-map.ts';
import { configMaps } from '../../src/signals/sources/config-maps.ts';
import { deployments } from '../../src/signals/sources/workloads.ts';
import { createTroubleBook } from '../../src/signals/troubles.ts';
import { watchSources } from '../../src/signals/watcher.ts';
import { askAndApprove } from '../support/approved.ts';
import { aFinding } from '../support/builders.ts';
import { createFakeConfigHistory } from '../support/fakes/config-history.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('history');
const stop = new AbortController();

afterAll(async () => {
  stop.abort();
});

it('what a real API server tells of a ConfigMap is kept, put back once, and put back again', async () => {
  const history = createFakeConfigHistory();
  const real = openRealWorld(http);
  const world = { ...real, ops: { ...real.ops, configHistory: history } };
  const { objects, log } = world.ops;
  const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
  const watching = { reader, troubles: createTroubleBook(log, systemClock), signal: stop.signal };
  const recorder = createConfigRecorder({ ...watching, history, clock: systemClock });
  watchSources([configMaps], { ...watching, namespaces: [namespace], emit: (told) => recorder.accept(told) });
  const annotations = { 'lifeguard.dev/keep-history': 'true' };
  const body = { metadata: { name: 'settings', annotations }, data: { mode: 'calm' } };
  const { ref: target } = await objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  const plain = { metadata: { name: 'plain' }, data: { mode: 'calm' } };
  const { ref: other } = await objects.create({ kind: 'ConfigMap', namespace, body: plain, dryRun: false });
  const kept = async () => (await history.read(target)).map(({ version }) => version);
  await expect.poll(kept).toEqual([1]);
  const change = [
    { op: 'add', path: '/data/mode', value: 'wild' },
    { op: 'add', path: '/binaryData', value: { blob: 'AAEC' } },
  ] as const;
  await objects.patch({ ref: target, operations: change, dryRun: false });
  await expect.poll(kept).toEqual([2, 1]);
  const calm = { data: { mode: 'calm' }, binaryData: {} };
  const wild = { data: { mode: 'wild' }, binaryData: { blob: 'AAEC' } };
  for (const [index, content] of [calm, wild].entries()) {
    const id = await askAndApprove(world, { id: 'restore-config-map', target });
    expect(await carryOut(id, world)).toMatchObject({ phase: 'proven' });
    expect(await objects.read(target)).toMatchObject(content);
    await expect.poll(kept).toEqual([3 + index, 2 + index]);
  }
  expect(await history.read(other)).toEqual([]);
});

it('when a ConfigMap was written a real API server tells, also of what was before, and nothing of what it holds', async () => {
  const container = { name: 'app', image: 'test.local/app:1.0.0', envFrom: [{ configMapRef: { name: 'flags' } }] };
  const template = { metadata: { labels: { app: 'reader' } }, spec: { containers: [container] } };
  const spec = { replicas: 0, selector: { matchLabels: { app: 'reader' } }, template };
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const data = { mode: 'planted', size: 'small' };
  await send('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, { metadata: { name: 'reader' }, spec });
  await send('POST', `${path}?fieldManager=helm`, { metadata: { name: 'flags' }, data });
  let turn = 0;
  const edit = (by: string, change: object) => send('PATCH', `${path}/flags?fieldManager=${by}`, { data: change });
  const write = async () => slimConfigMap(await edit('ana', { mode: `planted ${(turn += 1)}` }))?.writes.length;
  // Kubernetes dates to the second: the first write that is not of the second of the making.
  await expect.poll(write, { interval: 300 }).toBe(1);

  const view = createClusterView(Date.now);
  const seen: Signal[] = [];
  watchSources([configMaps, deployments], {
    reader: createClusterReader({ http, clock: systemClock, random: Math.random }),
    troubles: createTroubleBook(openRealWorld(http).ops.log, systemClock),
    namespaces: [namespace],
    signal: stop.signal,
    emit: (told) => void [seen.push(told), view.apply(told)],
  });
  const writers = () => view.find('configMap', namespace, 'flags')?.writes.map(({ by }) => by);
  await expect.poll(writers).toEqual(['ana']);
  await edit('bob', { size: null });
  await expect.poll(writers).toEqual([undefined, 'ana']);
  const subject = { kind: 'Deployment', namespace, name: 'reader' };
  // Deployments are watched beside the ConfigMaps.
  await expect
    .poll(() => changesAround({ ...aFinding(), subject, since: Date.now() }, view))
    .toMatchObject([{ text: expect.stringContaining(`ConfigMap ${namespace}/flags, which it reads, was changed at`) }]);
  expect(JSON.stringify(seen)).not.toContain('planted');
});

function send(method: 'POST' | 'PATCH', path: string, body: object): Promise<JsonObject> {
  const contentType = method === 'POST' ? 'application/json' : 'application/merge-patch+json';
  return http.json({ method, path, contentType, body: JSON.stringify(body) });
}
