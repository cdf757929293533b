import { afterAll, expect, it } from 'vitest';
import { createClusterReader } from '../../src/platform/kubernetes/cluster-reader.ts';
import { noWatchMetrics } from '../../src/platform/kubernetes/watch-metrics.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { recordConfig } from '../../src/signals/config-recorder.ts';
import { createTroubleBook } from '../../src/signals/troubles.ts';
import { askAndApprove } from '../support/approved.ts';
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
  const reader = createClusterReader({ http, clock: systemClock, random: Math.random, metrics: noWatchMetrics });
  const watching = { reader, history, troubles: createTroubleBook(log), clock: systemClock };
  void recordConfig({ ...watching, namespaces: [namespace], signal: stop.signal });
  const annotations = { 'lifeguard.dev/keep-history': 'true' };
  const body = { metadata: { name: 'settings', annotations }, data: { mode: 'calm' } };
  const { ref: target } = await objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  const plain = { metadata: { name: 'plain' }, data: { mode: 'calm' } };
  const { ref: other } = await objects.create({ kind: 'ConfigMap', namespace, body: plain, dryRun: false });
  const kept = async () => (await history.read(target)).map(({ version }) => version);
  await expect.poll(kept, { timeout: 20_000 }).toEqual([1]);
  const change = [
    { op: 'add', path: '/data/mode', value: 'wild' },
    { op: 'add', path: '/binaryData', value: { blob: 'AAEC' } },
  ] as const;
  await objects.patch({ ref: target, operations: change, dryRun: false });
  await expect.poll(kept, { timeout: 20_000 }).toEqual([2, 1]);
  const calm = { data: { mode: 'calm' }, binaryData: {} };
  const wild = { data: { mode: 'wild' }, binaryData: { blob: 'AAEC' } };
  for (const [index, content] of [calm, wild].entries()) {
    const id = await askAndApprove(world, { id: 'restore-config-map', target });
    expect(await carryOut(id, world)).toMatchObject({ phase: 'proven' });
    expect(await objects.read(target)).toMatchObject(content);
    await expect.poll(kept, { timeout: 20_000 }).toEqual([3 + index, 2 + index]);
  }
  expect(await history.read(other)).toEqual([]);
});
