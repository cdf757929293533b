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
import { median, pause, seconds, unlessAborted } from './figures.ts';
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

/** A hundred workloads crash at once on the simulated cluster: how soon each has its message. */
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
      const shown = await unlessAborted(waitForMessages(surroundings.slack, names), signal);
      tell(
        `storm: ${shown.size} of ${workloads} have a message of their own; latest calls: ${countCalls(surroundings.slack)}`,
      );
      const delays = [...shown].map(([name, at]) => at - (watch.secondCrash(name)?.seenAt ?? Number.NaN));
      return [rowOf(delays)];
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

/** Workload -> when Slack took its root message, epoch milliseconds; what came until patience ended. */
async function waitForMessages(slack: LocalSlack, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const start = Date.now();
  for (;;) {
    const shown = new Map<string, number>();
    for (const message of slack.messages(channel)) {
      const [, name] = /\/(app-\d+): /.exec(JSON.stringify(message)) ?? [];
      if (name !== undefined && !shown.has(name)) shown.set(name, Number(message.ts) * 1000);
    }
    if (names.every((name) => shown.has(name)) || Date.now() - start > patienceMs) return shown;
    await pause(500);
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

function rowOf(delays: readonly number[]): Row {
  const missing = workloads - delays.length;
  const rest = missing === 0 ? '' : `, ${missing} not within ${patienceMs / 60_000} min`;
  return {
    name: `${workloads} workloads crash at once: second crash to message`,
    figure: `${seconds(median(delays))}, worst ${seconds(Math.max(...delays))}${rest}`,
    comparedWith: "Slack's 1 message a second per channel",
    target: '10 s',
    runs: `1 of ${workloads}, median`,
  };
}
