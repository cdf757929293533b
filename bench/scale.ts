import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deploymentManifest, namespaceManifest } from '../demo/shop.ts';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import { openStage } from '../demo/stage.ts';
import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { type Child, startChild } from './child.ts';
import { type CrashWatch, watchCrashes } from './crash-watch.ts';
import { median, megabytes, pause, seconds, unlessAborted } from './figures.ts';
import { channel, openSurroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

const pods = 10_000;
const nodes = 500;
const changesASecond = 1_000;
const workloads = 8;
const namespace = 'scale';
const patienceMs = 60_000;

export interface ScaleOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Lifeguard on a large cluster that changes all the time: how late it is, and what it takes. */
export async function measureScale({ path, tell, signal }: ScaleOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const kubeconfig = join(surroundings.folder, 'kubeconfig');
  const simulated = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, `${pods}`, `${nodes}`]);
  const stopping = new AbortController();
  try {
    await simulated.next();
    const stage = await openStage(kubeconfig);
    const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
    await stage.apply(namespaceManifest(namespace));
    const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
    const watch = watchCrashes(reader, namespace, stopping.signal);
    const product = await startProduct({
      role: 'all',
      kubeconfig,
      cluster: '{ name: bench }',
      surroundings,
      storm: 100,
    });
    try {
      const changing = keepChanging(simulated, stopping.signal);
      const before = await usageOf(product.pid);
      const startedAt = Date.now();
      const delays: number[] = [];
      const heaps: number[] = [];
      for (let index = 0; index < workloads; index += 1) {
        const name = `app-${index}`;
        const crash = { name, replicas: 1, version: '1.0.0', env: { CRASH_AFTER_S: '2' } };
        await stage.apply(deploymentManifest(namespace, crash));
        delays.push(await unlessAborted(waitForMessage(surroundings.slack, name, watch), signal));
        heaps.push(await heapOf(product.port));
      }
      const after = await usageOf(product.pid);
      const lasted = Date.now() - startedAt;
      stopping.abort();
      const made = await changing;
      tell(`scale: ${Math.round((made * 1_000) / lasted)} changes a second were made for ${seconds(lasted)}`);
      return rowsOf({ delays, heaps, cores: (after.cpuMs - before.cpuMs) / lasted, resident: after.resident });
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

/** Answers how many changes were made. */
async function keepChanging(simulated: Child, signal: AbortSignal): Promise<number> {
  let made = 0;
  while (!signal.aborted) {
    const next = Date.now() + 100;
    await simulated.ask({ change: changesASecond / 10 });
    made += changesASecond / 10;
    await pause(Math.max(0, next - Date.now()));
  }
  return made;
}

/** From its second crash to its message, milliseconds. */
async function waitForMessage(slack: LocalSlack, name: string, watch: CrashWatch): Promise<number> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const root = slack.messages(channel).find(({ text }) => text.includes(`/${name}: `));
    const crash = watch.secondCrash(name);
    if (root !== undefined && crash !== undefined) return Math.max(0, Number(root.ts) * 1_000 - crash.seenAt);
    await pause(20);
  }
  throw new Error(`${name} has no message within ${seconds(patienceMs)}`);
}

interface Usage {
  /** Processor time so far, milliseconds. */
  readonly cpuMs: number;
  /** Bytes. */
  readonly resident: number;
}

/** Linux counts processor time in hundredths of a second. */
async function usageOf(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return { cpuMs: ticks * 10, resident: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 };
}

/** Bytes in use, garbage that was not collected yet included, as Lifeguard says itself. */
async function heapOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const found = /^lifeguard_nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1];
  if (found === undefined) throw new Error('Lifeguard does not say how much of its heap is in use.');
  return Number(found);
}

interface Figures {
  readonly delays: readonly number[];
  readonly heaps: readonly number[];
  readonly cores: number;
  readonly resident: number;
}

function rowsOf({ delays, heaps, cores, resident }: Figures): readonly Row[] {
  const name = `${pods.toLocaleString('en')} pods, ${nodes} nodes, ${changesASecond.toLocaleString('en')} changes a second`;
  const rest = { comparedWith: '', runs: `${delays.length}, median` };
  const worst = `${seconds(median(delays))}, worst ${seconds(Math.max(...delays))}`;
  return [
    { ...rest, name: `${name}: second crash to message`, figure: worst, target: '10 s' },
    { ...rest, name: `${name}: processor`, figure: `${cores.toFixed(2)} cores`, target: '' },
    {
      ...rest,
      name: `${name}: heap in use`,
      figure: `${megabytes(median(heaps))}, worst ${megabytes(Math.max(...heaps))}`,
      target: '',
    },
    { ...rest, name: `${name}: resident memory`, figure: megabytes(resident), target: '' },
  ];
}
