import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNumber } from '../src/core/json.ts';
import { type Child, startChild } from './child.ts';
import { median, megabytes, seconds } from './figures.ts';
import type { Row } from './table.ts';

const podCount = 10_000;
const changes = 10_000;
const runs = 7;

interface Measured {
  readonly listMs: number;
  readonly eventsMs: number;
  readonly cpuMs: number;
  readonly heapBytes: number;
  readonly peakBytes: number;
}

/** The watcher beside client-node's informer, each in a process of its own, on the same simulated cluster. */
export async function measureWatch(tell: (sentence: string) => void): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, `${podCount}`]);
  try {
    tell(`watch: ${podCount} pods of ${number(await cluster.next(), 'bytesPerPod')} bytes`);
    const own: Measured[] = [];
    const informer: Measured[] = [];
    for (let run = 0; run < runs; run += 1) {
      own.push(await measure(cluster, startChild(new URL('./watch-child.ts', import.meta.url), [kubeconfig])));
      informer.push(await measure(cluster, startChild(new URL('./informer-child.ts', import.meta.url), [kubeconfig])));
      tell(`watch: run ${run + 1}: ${JSON.stringify([own.at(-1), informer.at(-1)])}`);
    }
    return rowsOf(own, informer);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(cluster: Child, watcher: Child): Promise<Measured> {
  try {
    const list = await watcher.next();
    if (number(list, 'listed') < podCount) throw new Error(`only ${number(list, 'listed')} pods were listed`);
    await watcher.ask({ expect: changes });
    const [events] = await Promise.all([watcher.next(), cluster.ask({ change: changes })]);
    return {
      listMs: number(list, 'listMs'),
      eventsMs: number(events, 'eventsMs'),
      cpuMs: number(events, 'cpuMs'),
      heapBytes: number(events, 'heapBytes'),
      peakBytes: number(events, 'peakBytes'),
    };
  } finally {
    await watcher.stop();
  }
}

interface Figure {
  readonly name: string;
  readonly target?: string;
  readonly read: (measured: Measured) => number;
  readonly show: (figure: number) => string;
}

const figures: readonly Figure[] = [
  { name: '10,000 pods: time to list', read: ({ listMs }) => listMs, show: seconds },
  { name: '10,000 pods: heap held', target: 'under 40 MB', read: ({ heapBytes }) => heapBytes, show: megabytes },
  { name: '10,000 pods: peak resident memory', read: ({ peakBytes }) => peakBytes, show: megabytes },
  {
    name: '10,000 changes: events per second',
    read: ({ eventsMs }) => (changes / eventsMs) * 1000,
    show: (figure) => `${Math.round(figure / 100) * 100}/s`,
  },
  {
    name: '10,000 changes: processor time each',
    read: ({ cpuMs }) => (cpuMs / changes) * 1000,
    show: (figure) => `${Math.round(figure)} µs`,
  },
];

function rowsOf(own: readonly Measured[], informer: readonly Measured[]): Row[] {
  return figures.map(({ name, target = '', read, show }) => {
    const summarise = (all: readonly Measured[]): string => {
      const values = all.map(read);
      return `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
    };
    return {
      name,
      figure: summarise(own),
      comparedWith: `informer ${summarise(informer)}`,
      target,
      runs: `${runs}, median (range)`,
    };
  });
}

function number(message: unknown, field: string): number {
  const found = readNumber(message, field);
  if (found === undefined) throw new Error(`the child process left out ${field}`);
  return found;
}
