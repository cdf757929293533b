import { createHash } from 'node:crypto';
import type { WholeLog } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { PodLogs } from '../core/ports/pod-logs.ts';
import type { WholeLogs } from '../core/ports/whole-logs.ts';
import { sizeOf } from '../notifications/blocks/mrkdwn.ts';
import { leastQuote } from '../notifications/reports/evidence.ts';

interface WholeLogContext {
  readonly logs: PodLogs;
  readonly kept: WholeLogs;
  readonly clock: Clock;
  /** So many incidents within so long make a storm, which has no files; for what is beyond, nothing is read. */
  readonly storm: { readonly roots: number; readonly withinMs: number };
}

/** Reads and keeps a log of which `lines` are the newest, as quoted; undefined where it is no longer the same log, or the quote says all of it. */
export type KeepWholeLog = (
  finding: Finding,
  lines: readonly string[],
  signal: AbortSignal,
) => Promise<WholeLog | undefined>;

/** Lines of a log that is kept; the reader of logs bounds its bytes. */
const mostLines = 2_000;

/** Read once, right after the lines that are quoted, and kept: read later, it would be that of another run. */
export function createWholeLogKeeping({ logs, kept, clock, storm }: WholeLogContext): KeepWholeLog {
  let read: readonly number[] = [];

  function isStorm(): boolean {
    const now = clock.now();
    read = [...read.filter((at) => now - at < storm.withinMs), now].slice(-storm.roots - 1);
    return read.length > storm.roots;
  }

  return async ({ exemplar, subject }, lines, signal) => {
    const last = lines.findLast((line) => line.trim() !== '');
    if (exemplar === undefined || last === undefined || isStorm()) return undefined;
    const found = await logs.read({ ...exemplar, namespace: subject.namespace, tail: mostLines }, signal);
    const whole = found.slice(0, found.lastIndexOf(last) + 1);
    const text = whole.join('\n');
    if (whole.length <= lines.length && sizeOf(text) <= leastQuote) return undefined;
    const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
    await kept.keep(id, text);
    const run = exemplar.previous ? 'crashed-run' : 'latest-run';
    return {
      id,
      file: `${subject.name}-${exemplar.container}-${run}-${stampOf(clock.now())}.log`,
      lines: whole.length,
    };
  };
}

/** `20270115-080000Z` */
function stampOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}Z`;
}
