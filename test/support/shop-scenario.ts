import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, vi } from 'vitest';
import type { AuditEntry } from '../../demo/cluster/audit.ts';
import {
  type ClusterOptions,
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../demo/cluster/simulated-cluster.ts';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import type { Message } from '../../demo/slack/messages.ts';
import { type JsonObject, readArray, readNumber } from '../../src/core/json.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { channel, type LifeguardOptions, type RunningLifeguard, startLifeguard } from './lifeguard.ts';
import { soon } from './patience.ts';

export interface App {
  readonly name?: string;
  readonly namespace?: string;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly memory?: string;
  readonly init?: boolean;
}

/** What makes the simulated container crash soon. */
export const crash = { CRASH_AFTER_S: '0.2', CRASH_LOG: 'cannot reach payments', EXIT_CODE: '3' };

const plainApp: Required<Omit<App, 'memory'>> = {
  name: 'app',
  namespace: 'shop',
  kind: 'Deployment',
  image: 'app:1',
  env: {},
  annotations: {},
  init: false,
};

/** A workload called `shop/app` unless named; its faults are those of the simulated kubelet. */
export function manifest(app: App): JsonObject {
  const { name, namespace, kind, image, env, annotations, memory, init } = { ...plainApp, ...app };
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
    metadata: { name, namespace },
    spec: { ...replicas, selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec } },
  };
}

export interface Shop {
  readonly cluster: SimulatedCluster;
  /** Path of the file; rewritten when a token is rotated. */
  readonly kubeconfig: string;
}

/** A simulated cluster with a namespace `shop`; stopped when the test ends. */
export async function openShop(options: ClusterOptions = {}): Promise<Shop> {
  const cluster = await startSimulatedCluster({ backoff: 0.05, startMs: 20, nodes: 1, ...options });
  onTestFinished(() => cluster.stop());
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'lifeguard-scenario-')), 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  return { cluster, kubeconfig };
}

export type Scene = RunningLifeguard & Shop;

/** The whole product on a shop of its own. */
export async function play(options: Partial<LifeguardOptions> = {}): Promise<Scene> {
  const shop = await openShop();
  return { ...shop, ...(await startLifeguard({ kubeconfig: shop.kubeconfig, ...options })) };
}

/** Releases `app:1`, waits until it runs, releases `app:2` that crashes; answers the root message that offers the rollback. */
export async function releaseBadly(scene: Scene, app: App = {}): Promise<Message> {
  await releaseWell(scene, app);
  scene.cluster.apply(manifest({ ...app, image: 'app:2', env: crash }));
  return rootWith(scene.slack, 'op:approve', 'image of app: app:1 -&gt; app:2');
}

/** Releases `app:1` and waits until it is ready. */
export async function releaseWell({ cluster }: Shop, app: App = {}): Promise<void> {
  cluster.apply(manifest(app));
  await vi.waitFor(
    () => expect(JSON.stringify(readApp(cluster, app))).toMatch(/"(readyReplicas|numberReady)":1/),
    soon,
  );
}

/** The same, and waits until that is on record as healthy: what it takes for a rollback to be of low risk. */
export async function releaseSeenHealthy(scene: Scene, app: App = {}): Promise<void> {
  await releaseWell(scene, app);
  await untilSeenHealthy(scene, 'test');
}

/** Waits until one workload of the cluster of that name is on record as healthy. */
export async function untilSeenHealthy({ redisUrl }: Pick<Scene, 'redisUrl'>, cluster: string): Promise<void> {
  const redis = connectTo(redisUrl);
  await expect.poll(() => redis.keys(createKeyspace(cluster).key('health', '*'))).toHaveLength(1);
}

export function readApp(
  cluster: SimulatedCluster,
  { kind = 'Deployment', name = 'app', namespace = 'shop' }: App = {},
) {
  return cluster.get(`/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`);
}

/** The root message, present or future, that shows all of this. */
export function rootWith(slack: LocalSlack, ...texts: readonly string[]): Promise<Message> {
  const shows = (message: Message): boolean => texts.every((text) => JSON.stringify(message).includes(text));
  return slack.waitForMessage((message, place) => place === channel && isRoot(message) && shows(message));
}

/** The reply in the thread of a root, present or future, that shows this. */
export function replyWith(slack: LocalSlack, root: Message, text: string): Promise<Message> {
  return slack.waitForMessage({ channel, threadTs: root.ts, textIncludes: text });
}

/** The replies so far in the thread of a root that show this; answers that only one person sees are none. */
export function repliesWith(slack: LocalSlack, root: Message, text: string): readonly Message[] {
  const replies = slack
    .thread(channel, root.ts)
    .filter(({ ts, ephemeral_to: to }) => ts !== root.ts && to === undefined);
  return replies.filter((reply) => JSON.stringify(reply).includes(text));
}

/** What a person was told last that only this person sees; empty where nothing was. */
export function toldTo(slack: LocalSlack, user: string): string {
  return slack.messages(channel).findLast(({ ephemeral_to: to }) => to === user)?.text ?? '';
}

export function isRoot({ ts, thread_ts }: Message): boolean {
  return thread_ts === undefined || thread_ts === ts;
}

/** Messages of incidents in the channel: neither replies nor answers that only one person sees. */
export function rootsOf(slack: LocalSlack): readonly Message[] {
  return slack.messages(channel).filter((message) => isRoot(message) && JSON.stringify(message).includes('inc-'));
}

/** Waits until a container of the shop has restarted so often. */
export async function restarted(cluster: SimulatedCluster, times: number): Promise<void> {
  const counts = () =>
    cluster
      .list('/api/v1/namespaces/shop/pods')
      .flatMap((pod) => readArray(pod, 'status', 'containerStatuses'))
      .map((status) => readNumber(status, 'restartCount') ?? 0);
  await vi.waitFor(() => expect(Math.max(0, ...counts())).toBeGreaterThanOrEqual(times), soon);
}

/**
 * What Lifeguard asked the API server to change, dry runs, its own Lease and reviews of rights aside: what was `done`, or all that was `tried`,
 * refused and unanswered requests included.
 */
export function writesTo(cluster: SimulatedCluster, which: 'done' | 'tried' = 'done'): readonly AuditEntry[] {
  const reading = new Set(['get', 'list', 'watch']);
  return cluster
    .requests()
    .filter(({ verb, dryRun }) => !reading.has(verb) && !dryRun)
    .filter(({ code }) => which === 'tried' || (code >= 200 && code < 300))
    .filter(({ path }) => !/leases|reviews/.test(path));
}

/** A look into Lifeguard's own Redis. */
export function connectTo(redisUrl: string): Redis {
  const redis = new Redis(redisUrl);
  onTestFinished(() => redis.disconnect());
  return redis;
}
