import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import type { Message } from '../../demo/slack/messages.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { channel, type LifeguardOptions, startLifeguard } from '../support/lifeguard.ts';

const patience = { timeoutMs: 15_000 };

interface App {
  readonly name?: string;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly memory?: string;
  readonly init?: boolean;
}

/** A workload called `shop/app` unless named; its faults are those of the simulated kubelet. */
function manifest({
  name = 'app',
  kind = 'Deployment',
  image = 'app:1',
  env = {},
  annotations = {},
  memory,
  init = false,
}: App): JsonObject {
  const container = {
    name: 'app',
    image,
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    resources: memory === undefined ? {} : { limits: { memory } },
  };
  const labels = { app: name };
  const spec = { containers: [container], ...(init ? { initContainers: [{ name: 'migrate', image }] } : {}) };
  const replicas = kind === 'DaemonSet' ? {} : { replicas: 1 };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop' },
    spec: { ...replicas, selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec } },
  };
}

async function play(
  options: Partial<LifeguardOptions> = {},
): Promise<{ cluster: SimulatedCluster; slack: LocalSlack }> {
  const cluster = await startSimulatedCluster({ backoff: 0.05, startMs: 20, nodes: 1 });
  onTestFinished(() => cluster.stop());
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'lifeguard-scenario-')), 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  const { slack } = await startLifeguard({ kubeconfig, ...options });
  return { cluster, slack };
}

function rootWith(slack: LocalSlack, ...texts: readonly string[]): Promise<Message> {
  const shows = (message: Message): boolean => texts.every((text) => JSON.stringify(message).includes(text));
  return slack.waitForMessage((message, place) => place === channel && isRoot(message) && shows(message), patience);
}

function isRoot({ ts, thread_ts }: Message): boolean {
  return thread_ts === undefined || thread_ts === ts;
}

/** Waits until the pods of the app have restarted so often. */
async function restarted(cluster: SimulatedCluster, times: number): Promise<void> {
  await vi.waitFor(
    () => expect(JSON.stringify(cluster.list('/api/v1/namespaces/shop/pods'))).toContain(`"restartCount":${times}`),
    { timeout: 10_000 },
  );
}

const crash = { CRASH_AFTER_S: '0.2', CRASH_LOG: 'cannot reach payments', EXIT_CODE: '3' };

describe('becomes one thread', () => {
  it.each<[string, App, readonly string[]]>([
    [
      'a crash loop of the first release',
      { env: crash },
      ['shop/app: crash loop', 'exits with code 3', 'the first of this workload', 'FATAL cannot reach payments'],
    ],
    [
      'an init container',
      { init: true, annotations: { 'sim.lifeguard.dev/init-crash-after': '0.2s' } },
      ['shop/app: crash loop', 'Init container migrate exits with code'],
    ],
    [
      'out of memory',
      { env: { LEAK_MB_PER_S: '200' }, memory: '64Mi' },
      ['shop/app: out-of-memory loop', 'its memory limit of 64 MiB (OOMKilled, exit code 137)'],
    ],
    ['a StatefulSet', { kind: 'StatefulSet', env: crash }, ['StatefulSet shop/app', 'exits with code 3']],
    ['a DaemonSet', { kind: 'DaemonSet', env: crash }, ['DaemonSet shop/app', 'exits with code 3']],
  ])('%s', async (_fault, app, texts) => {
    const { cluster, slack } = await play();
    cluster.apply(manifest(app));
    await rootWith(slack, ...texts);
    await restarted(cluster, 3);
    expect(slack.messages(channel).filter(isRoot)).toHaveLength(1);
  });

  it.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)(
    'a bad release of a %s, rolled back and proven after a click',
    async (kind) => {
      const { cluster, slack } = await play();
      cluster.apply(manifest({ kind }));
      const path = `/apis/apps/v1/namespaces/shop/${kind.toLowerCase()}s/app`;
      await vi.waitFor(() => expect(JSON.stringify(cluster.get(path))).toMatch(/"(readyReplicas|numberReady)":1/), {
        timeout: 10_000,
      });
      cluster.apply(manifest({ kind, image: 'app:2', env: crash }));
      const root = await rootWith(slack, 'op:approve', 'image of app: app:1 -&gt; app:2');
      await slack.click({ user: 'U_ANA', channel, ts: root.ts, buttonText: 'Approve' });
      await slack.waitForMessage(
        { channel, threadTs: root.ts, textIncludes: 'shop/app is healed' },
        { timeoutMs: 30_000 },
      );
      expect(JSON.stringify(cluster.get(path))).toContain('app:1');
      await rootWith(slack, '[RESOLVED]');
    },
  );
});

describe('stays silent about', () => {
  it.each<[string, App]>([
    ['a healthy workload', {}],
    ['an image that cannot be pulled', { image: 'missing.local/app:1' }],
  ])('%s', async (_case, app) => {
    const { cluster, slack } = await play();
    cluster.apply(manifest(app));
    await vi.waitFor(() => expect(cluster.list('/api/v1/namespaces/shop/pods')).toHaveLength(1), { timeout: 10_000 });
    await expectSilence(cluster, slack);
  });

  it('a rollout from one good release to the next', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({}));
    cluster.apply(manifest({ image: 'app:2' }));
    await expectSilence(cluster, slack);
  });

  it('pods that are deleted', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({ env: { CRASH_AFTER_S: '30' } }));
    await vi.waitFor(() => expect(cluster.list('/api/v1/namespaces/shop/pods')).toHaveLength(1), { timeout: 10_000 });
    await expectSilence(cluster, slack);
  });

  /** A crash loop elsewhere is seen after everything before it, so silence about the rest means silence. */
  async function expectSilence(cluster: SimulatedCluster, slack: LocalSlack): Promise<void> {
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(slack.messages(channel).filter(isRoot)).toHaveLength(1);
  }
});
