import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { type JsonObject, readNumber, readString } from '../../src/core/json.ts';
import { createClusterReader } from '../../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createWorkloads } from '../../src/platform/kubernetes/workloads.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { soon } from '../support/patience.ts';

let folder: string;
let cluster: SimulatedCluster;
let http: HttpClient;
const stop = { watch: () => Promise.resolve() };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-simulated-'));
  cluster = await startSimulatedCluster({ startMs: 5 });
  const kubeconfig = join(folder, 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  http = createHttpClient(await loadCredentials({ kubeconfig, now: Date.now }));
  const containers = [{ name: 'app', image: 'test.local/app:1.0.0' }];
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
    },
  });
});

afterEach(async () => {
  await stop.watch();
  await http.close();
  await cluster.stop();
  await rm(folder, { recursive: true });
});

/** Follows the Deployments: name -> wanted replicas. */
function follow(): { readonly known: Map<string, number>; readonly troubles: (string | undefined)[] } {
  const known = new Map<string, number>();
  const troubles: (string | undefined)[] = [];
  const controller = new AbortController();
  const running = createClusterReader({ http, clock: systemClock, random: Math.random }).watch({
    collection: { path: '/apis/apps/v1/namespaces/shop/deployments' },
    slim: (raw) => ({
      name: readString(raw, 'metadata', 'name') ?? '',
      replicas: readNumber(raw, 'spec', 'replicas') ?? 0,
    }),
    onList(items) {
      known.clear();
      for (const { name, replicas } of items) known.set(name, replicas);
    },
    onSeen: ({ name, replicas }) => void known.set(name, replicas),
    onGone: ({ name }) => void known.delete(name),
    onTrouble: (problem) => void troubles.push(problem),
    signal: controller.signal,
  });
  stop.watch = async () => {
    controller.abort();
    await running;
  };
  return { known, troubles };
}

async function scale(replicas: number): Promise<void> {
  const ref = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
  const operations = [{ op: 'replace', path: '/spec/replicas', value: replicas } as const];
  await createWorkloads(http).patch({ ref, operations, dryRun: false });
}

async function untilSeen(known: Map<string, number>, replicas: number): Promise<void> {
  await vi.waitFor(() => expect(known.get('web')).toBe(replicas), soon);
}

test('a watch that is cut every 200 ms keeps up with every change', async () => {
  const { known } = follow();
  await untilSeen(known, 1);
  cluster.faults.resetWatchesEvery(200);
  for (const replicas of [2, 3, 4, 5]) {
    await scale(replicas);
    await untilSeen(known, replicas);
  }
  await vi.waitFor(
    () => expect(cluster.requests().filter(({ verb }) => verb === 'watch').length).toBeGreaterThan(2),
    soon,
  );
  await scale(6);
  await untilSeen(known, 6);
  expect(cluster.requests().filter(({ verb }) => verb === 'list')).toHaveLength(1);
});

test('a token that was rotated is picked up by requests and by the watch', async () => {
  const { known, troubles } = follow();
  await untilSeen(known, 1);
  await cluster.faults.rotateToken();
  cluster.faults.resetWatches();
  await scale(2);
  await untilSeen(known, 2);
  expect(troubles.some((problem) => problem?.includes('credentials'))).toBe(false);
});

test('a token that expired is told in one sentence until there is a new one', async () => {
  const { known, troubles } = follow();
  await untilSeen(known, 1);
  cluster.faults.expireToken();
  cluster.faults.resetWatches();
  const sentence = expect.stringMatching(/refuses Lifeguard's credentials \(token expired or wrong\).*; retrying\.$/);
  await vi.waitFor(() => expect(troubles).toContainEqual(sentence), soon);
  await cluster.faults.rotateToken();
  await scale(2);
  await untilSeen(known, 2);
  await vi.waitFor(() => expect(troubles.at(-1)).toBeUndefined(), soon);
});

test('an API server that is away for a while is told of and caught up with', async () => {
  const { known, troubles } = follow();
  await untilSeen(known, 1);
  cluster.faults.unreachable(true);
  await vi.waitFor(() => expect(troubles.at(-1)).toMatch(/does not answer \(.*\); retrying\.$/), soon);
  cluster.faults.expireHistory();
  cluster.faults.unreachable(false);
  await scale(4);
  await untilSeen(known, 4);
});

test('of objects whose metadata alone is asked for, nothing of what they hold is sent, listed or watched', async () => {
  const metadata = (name: string) => ({ name, namespace: 'shop' });
  const hold = (name: string): void =>
    void cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data: { mode: 'planted' } });
  hold('listed');
  const seen: JsonObject[] = [];
  const controller = new AbortController();
  const running = createClusterReader({ http, clock: systemClock, random: Math.random }).watch({
    collection: { path: '/api/v1/namespaces/shop/configmaps', metadataOnly: true },
    slim: (raw) => raw,
    onList: (items) => void seen.push(...items),
    onSeen: (item) => void seen.push(item),
    onGone: () => undefined,
    onTrouble: () => undefined,
    signal: controller.signal,
  });
  stop.watch = async () => {
    controller.abort();
    await running;
  };
  await vi.waitFor(() => expect(seen).toHaveLength(1), soon);
  hold('watched');
  await vi.waitFor(() => expect(seen).toHaveLength(2), soon);
  expect(seen.map((raw) => readString(raw, 'metadata', 'name'))).toEqual(['listed', 'watched']);
  expect(JSON.stringify(seen)).not.toContain('planted');
});
