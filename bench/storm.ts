import { join } from 'node:path';
import { deploymentManifest, namespaceManifest } from '../demo/shop.ts';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import { openStage } from '../demo/stage.ts';
import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { startChild } from './child.ts';
import { watchCrashes } from './crash-watch.ts';
import { pause, seconds, unlessAborted } from './figures.ts';
import { channel, openSurroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

const workloads = 100;
const namespace = 'storm';
const patienceMs = 240_000;

export interface StormOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** A hundred workloads crash at once on the simulated cluster: how soon people know of all of them. */
export async function measureStorm({ path, tell, signal }: StormOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const kubeconfig = join(surroundings.folder, 'kubeconfig');
  const simulated = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, '0']);
  const stopping = new AbortController();
  try {
    await simulated.next();
    const stage = await openStage(kubeconfig);
    const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
    await stage.apply(namespaceManifest(namespace));
    const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
    const watch = watchCrashes(reader, namespace, stopping.signal);
    const product = await startProduct({ role: 'all', kubeconfig, cluster: '{ name: bench }', surroundings });
    try {
      const names = Array.from({ length: workloads }, (_, index) => `app-${index}`);
      const env = { CRASH_AFTER_S: '2' };
      for (const name of names)
        await stage.apply(deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0', env }));
      const told = await unlessAborted(waitForAll(surroundings.slack), signal);
      tell(`storm: latest calls: ${countCalls(surroundings.slack)}`);
      const crashes = names.map((name) => watch.secondCrash(name)?.seenAt ?? Number.NaN);
      return rowsOf(told, crashes);
    } finally {
      stopping.abort();
      await product.stop();
      await Promise.all([stage.close(), http.close()]);
    }
  } finally {
    await simulated.stop();
    await surroundings.stop();
  }
}

interface Told {
  /** When the first message came, and when the messages together told all, epoch milliseconds. */
  readonly first: number;
  readonly all: number;
  readonly messages: number;
}

/** Until the storm's message counts all of them. */
async function waitForAll(slack: LocalSlack): Promise<Told> {
  const start = Date.now();
  for (;;) {
    const roots = slack.messages(channel).filter(({ ts, thread_ts: thread }) => thread === undefined || thread === ts);
    const counted = roots.some(({ text }) => Number(/^Storm: (\d+) incidents/.exec(text)?.[1] ?? 0) >= workloads);
    const first = Math.min(...roots.map(({ ts }) => Number(ts) * 1000));
    if (counted) return { first, all: Date.now(), messages: roots.length };
    if (Date.now() - start > patienceMs) throw new Error(`not all were told within ${seconds(patienceMs)}`);
    await pause(100);
  }
}

/** How often each method was called with which answer, among the latest calls that the local Slack keeps. */
function countCalls(slack: LocalSlack): string {
  const counts = new Map<string, number>();
  for (const { method, ok, error } of slack.requests) {
    const key = `${method} ${ok ? 'ok' : error}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return JSON.stringify(Object.fromEntries(counts));
}

function rowsOf({ first, all, messages }: Told, crashes: readonly number[]): readonly Row[] {
  const name = `${workloads} workloads crash at once`;
  const rest = { comparedWith: "Slack's 1 message a second per channel", runs: `1 of ${workloads}` };
  const [earliest, latest] = [Math.min(...crashes), Math.max(...crashes)];
  return [
    {
      ...rest,
      name: `${name}: first second crash to first message`,
      figure: seconds(first - earliest),
      target: '10 s',
    },
    {
      ...rest,
      name: `${name}: last second crash to all told`,
      figure: seconds(Math.max(0, all - latest)),
      target: '10 s',
    },
    { ...rest, name: `${name}: messages in the channel`, figure: `${messages}`, target: '<= 5' },
  ];
}
