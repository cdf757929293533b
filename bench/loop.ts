import { deploymentManifest, namespaceManifest, type ShopApp } from '../demo/shop.ts';
import type { Message } from '../demo/slack/messages.ts';
import { openStage, type Stage } from '../demo/stage.ts';
import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../src/platform/kubernetes/http-client.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { type CrashWatch, watchCrashes } from './crash-watch.ts';
import { median, pause, seconds, unlessAborted } from './figures.ts';
import { approver, channel, openSurroundings, type Surroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

const patienceMs = 60_000;
const lookEveryMs = 10;

export interface LoopOptions {
  readonly kubeconfig: string;
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly runs: number;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** All in milliseconds. */
interface Measured {
  readonly crashToMessage: number;
  readonly sightToMessage: number;
  readonly sightToButton: number;
  readonly clickToPatch: number;
  readonly clickToHealed: number;
}

interface Scene {
  readonly namespace: string;
  readonly stage: Stage;
  readonly http: HttpClient;
  readonly watch: CrashWatch;
  readonly surroundings: Surroundings;
}

/** Bad releases on a real cluster: how soon Slack has the message, and how soon an approved rollback is applied and proven. */
export async function measureLoop(options: LoopOptions): Promise<readonly Row[]> {
  const { kubeconfig, path, runs, tell, signal } = options;
  const namespace = `lifeguard-bench-${process.pid}`;
  const stage = await openStage(kubeconfig);
  const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
  const surroundings = await openSurroundings(path);
  const stopping = new AbortController();
  try {
    await stage.apply(namespaceManifest(namespace));
    const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
    const watch = watchCrashes(reader, namespace, stopping.signal);
    const cluster = `{ name: bench, namespaces: [${namespace}] }`;
    const product = await startProduct({ role: 'all', kubeconfig, cluster, surroundings, podNamespace: namespace });
    const all: Measured[] = [];
    try {
      for (let run = 1; run <= runs; run += 1) {
        const scene = { namespace, stage, http, watch, surroundings };
        all.push(await unlessAborted(measureOnce(scene, `checkout-${run}`), signal));
        tell(`loop: run ${run}: ${JSON.stringify(all.at(-1))}`);
      }
    } finally {
      await product.stop();
    }
    return rowsOf(all);
  } finally {
    stopping.abort();
    await stage.deleteNamespace(namespace);
    await Promise.all([stage.close(), http.close(), surroundings.stop()]);
  }
}

async function measureOnce({ namespace, stage, http, watch, surroundings }: Scene, name: string): Promise<Measured> {
  const { slack } = surroundings;
  const good: ShopApp = { name, replicas: 1, version: '1.0.0' };
  const bad: ShopApp = { ...good, version: '1.0.1', env: { CRASH_AFTER_S: '2' } };
  await stage.apply(deploymentManifest(namespace, good));
  await stage.waitUntilSettled(namespace, [`deployments/${name}`]);
  const before = watch.image(name)?.image;
  await stage.apply(deploymentManifest(namespace, bad));
  const crash = await until(() => watch.secondCrash(name), 'a second crash');
  const root = await slack.waitForMessage((message, place) => place === channel && asks(message, `/${name}:`), {
    timeoutMs: patienceMs,
  });
  const clickedAt = Date.now();
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  const patched = await until(() => {
    const now = watch.image(name);
    return now?.image === before ? now : undefined;
  }, 'the old image');
  const healed = await slack.waitForMessage(
    { channel, threadTs: root.ts, textIncludes: `${namespace}/${name} is healed` },
    { timeoutMs: patienceMs },
  );
  await http.json({ method: 'DELETE', path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}` });
  return {
    crashToMessage: timeOf(root) - crash.finishedAt,
    sightToMessage: timeOf(root) - crash.seenAt,
    sightToButton: clickedAt - crash.seenAt,
    clickToPatch: patched.at - clickedAt,
    clickToHealed: timeOf(healed) - clickedAt,
  };
}

/** The root message about this workload, once it has its button. */
function asks(message: Message, text: string): boolean {
  const isRoot = message.thread_ts === undefined || message.thread_ts === message.ts;
  const shown = JSON.stringify(message);
  return isRoot && shown.includes(text) && shown.includes('op:approve');
}

/** When Slack took it, epoch milliseconds. */
function timeOf({ ts }: Message): number {
  return Number(ts) * 1000;
}

async function until<T>(read: () => T | undefined, what: string): Promise<T> {
  const start = Date.now();
  for (;;) {
    const found = read();
    if (found !== undefined) return found;
    if (Date.now() - start > patienceMs) throw new Error(`There was not ${what} in time.`);
    await pause(lookEveryMs);
  }
}

function rowsOf(all: readonly Measured[]): Row[] {
  const alert = 'KubePodCrashLooping: 15 min';
  function row(name: string, field: keyof Measured, beside: Pick<Row, 'comparedWith' | 'target'>): Row {
    const figures = all.map((measured) => measured[field]);
    return {
      name,
      figure: `${seconds(median(figures))}, worst ${seconds(Math.max(...figures))}`,
      ...beside,
      runs: `${all.length}, median`,
    };
  }
  return [
    row("second crash (kubelet's time) to message", 'crashToMessage', { comparedWith: alert, target: '10 s' }),
    row('second crash (in the API) to message', 'sightToMessage', { comparedWith: alert, target: '10 s' }),
    row('second crash (in the API) to Approve button', 'sightToButton', { comparedWith: '', target: '' }),
    row('click to patched Deployment', 'clickToPatch', { comparedWith: '', target: '' }),
    row("click to 'healed'", 'clickToHealed', { comparedWith: '3 s of it must be stable', target: '' }),
  ];
}
