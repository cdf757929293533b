import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { roles } from '../src/composition/environment.ts';
import { startChild } from './child.ts';
import { median, megabytes, pause, unlessAborted } from './figures.ts';
import { openSurroundings, type ProductOptions, type Surroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

const settleMs = 20_000;
const runs = 3;
/** A quiet cluster, and one of the size that the design speaks of. */
const podCounts = [0, 10_000];

export interface MemoryOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Resident memory of each role, 20 s after it was ready, with nothing to do. Reads /proc, so on Linux only. */
export async function measureMemory(options: MemoryOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(options.path);
  try {
    const beside = `Node alone ${megabytes(await bareNodeBytes())}`;
    const rows: Row[] = [];
    for (const pods of podCounts) rows.push(...(await measureCluster(surroundings, pods, options)));
    return rows.map((row) => ({ ...row, comparedWith: beside }));
  } finally {
    await surroundings.stop();
  }
}

async function measureCluster(
  surroundings: Surroundings,
  pods: number,
  { tell, signal }: MemoryOptions,
): Promise<Row[]> {
  const kubeconfig = join(surroundings.folder, `kubeconfig-${pods}`);
  const cluster = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, `${pods}`]);
  try {
    await cluster.next();
    const rows: Row[] = [];
    for (const role of pods === 0 ? roles : (['all', 'watcher'] as const)) {
      const figures: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const name = `{ name: bench-${role}-${pods}-${run} }`;
        figures.push(await measureOnce({ role, kubeconfig, cluster: name, surroundings }, signal));
      }
      tell(`memory: ${role}, ${pods} pods: ${figures.map(megabytes).join(', ')}`);
      rows.push(rowOf(role, pods, figures));
    }
    return rows;
  } finally {
    await cluster.stop();
  }
}

async function measureOnce(options: ProductOptions, signal: AbortSignal): Promise<number> {
  const product = await startProduct(options);
  try {
    await unlessAborted(pause(settleMs), signal);
    return await residentBytes(product.pid);
  } finally {
    await product.stop();
  }
}

/** What Node takes before it runs anything. */
async function bareNodeBytes(): Promise<number> {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  await pause(1_000);
  const bytes = await residentBytes(node.pid ?? 0);
  node.kill('SIGTERM');
  return bytes;
}

function rowOf(role: string, pods: number, figures: readonly number[]): Row {
  return {
    name: `idle, role ${role}, ${pods === 0 ? 'empty cluster' : `${pods.toLocaleString('en')} pods`}: resident memory`,
    figure: megabytes(median(figures)),
    comparedWith: '',
    target: '',
    runs: `${runs}, median`,
  };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes) * 1024;
}
