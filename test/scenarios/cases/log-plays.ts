import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { readString } from '../../../src/core/json.ts';
import type { Scene } from '../../support/shop-scenario.ts';
import type { CalmPlay, FaultPlay } from './play.ts';
import * as on from './stage-objects.ts';

const minute = 60_000;

/** `shop/app` has run for an hour, and a collector sends what it writes. */
const stage = {
  agedMs: 60 * minute,
  set: on.applyAll,
  options: { logs: '{ source: pushed, push: { enabled: true }, namespaces: [shop] }' },
} as const;

interface Written {
  readonly text: (index: number) => string;
  /** Milliseconds between two lines. */
  readonly every: number;
  /** Minutes ago. Default: from 25 on, without an end. */
  readonly from?: number;
  readonly to?: number;
}

const orders: Written = { every: 5_000, text: (index) => `INFO order ${4000 + index} placed by user ${index % 9}` };
const beats: Written = { every: 10_000, text: () => 'INFO outbox consumer alive' };

/** The collector sends at once what the app has written in the last minutes, and then, until the test ends, what it writes. */
function sending(...written: readonly Written[]) {
  return async ({ cluster, port }: Scene): Promise<void> => {
    const [pod] = cluster.list('/api/v1/namespaces/shop/pods');
    const kubernetes = { namespace_name: 'shop', pod_name: readString(pod, 'metadata', 'name'), container_name: 'app' };
    const startedAt = Date.now();
    const ending = new AbortController();
    onTestFinished(() => ending.abort());

    async function send(span: Span): Promise<void> {
      const lines = written.flatMap((one) => linesOf(one, startedAt, span)).toSorted((a, b) => a.at - b.at);
      if (lines.length === 0) return;
      const records = lines.map(({ at, log }) => ({ kubernetes, log, time: new Date(at).toISOString() }));
      const body = JSON.stringify(records);
      const answer = await fetch(`http://127.0.0.1:${port}/logs`, { method: 'POST', body, signal: ending.signal });
      if (!answer.ok) throw new Error(`the lines were not taken: ${await answer.text()}`);
    }

    async function goOn(from: number): Promise<void> {
      await setTimeout(1_000, undefined, { signal: ending.signal });
      const to = Date.now();
      await send({ from, to });
      await goOn(to);
    }

    await send({ from: 0, to: startedAt });
    goOn(startedAt).catch((error: unknown) => {
      if (!ending.signal.aborted) throw error;
    });
  };
}

/** Epoch milliseconds, the end left out. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function linesOf({ text, every, from = 25, to = -60 }: Written, startedAt: number, span: Span) {
  const count = Math.floor(((from - to) * minute) / every);
  return Array.from({ length: count }, (_, index) => ({
    at: startedAt - from * minute + index * every,
    log: text(index),
  })).filter(({ at }) => at >= span.from && at < span.to);
}

/** What a workload says of its own trouble. */
export const loudPlays: readonly FaultPlay[] = [
  {
    ...stage,
    expects: 'log-error-new',
    what: 'an upstream that fails',
    after: sending(orders, {
      every: 4_000,
      from: 4,
      text: () => 'ERROR upstream http://payments:8080: dial tcp 10.0.0.7:8080: connect: connection refused',
    }),
    says: ['shop/app: logs an error that it did not log before', 'refuse', 'connection refused'],
  },
  {
    ...stage,
    expects: 'log-error-surge',
    what: 'an error that comes far more often than it did',
    after: sending(
      orders,
      { every: 50_000, text: (index) => `ERROR card ${index} was declined by the bank` },
      { every: 500, from: 3, text: (index) => `ERROR card ${index} was declined by the bank` },
    ),
    says: ['shop/app: logs far more errors than usual', 'more than 50 times in 30 s', 'declined by the bank'],
  },
  {
    ...stage,
    expects: 'log-silent',
    what: 'an app that falls silent',
    after: sending({ ...orders, to: 6 }),
    says: ['shop/app: has fallen silent', 'It has logged nothing since', '12 lines a minute before'],
  },
  {
    ...stage,
    expects: 'log-heartbeat-stopped',
    what: 'a heartbeat that stopped',
    after: sending(orders, { ...beats, to: 6 }),
    says: ['shop/app: no longer logs what it always logged', 'outbox consumer alive', '6 times a minute before'],
  },
  {
    ...stage,
    expects: 'log-number-drift',
    what: 'a latency that drifts',
    after: sending({
      every: 5_000,
      text: (index) => `INFO GET /pay took ${index < 220 ? 100 + (index % 13) : 100 * 1.05 ** (index - 220)} ms`,
    }),
    says: ['shop/app: logs numbers that are far from usual', 'took', 'before (never beyond'],
  },
];

/** The same, as it is on any good day. */
export const usualPlays: readonly CalmPlay[] = [
  {
    ...stage,
    spares: 'log-errors',
    what: 'errors that were always there, and words about errors',
    after: sending(
      orders,
      { every: 20_000, text: (index) => `ERROR card ${index} was declined by the bank` },
      { every: 30_000, from: 5, text: () => 'INFO sync finished: 0 errors, 0 failed' },
    ),
  },
  {
    ...stage,
    spares: 'log-silence',
    what: 'a job that logs now and then',
    after: sending(orders, { every: 7 * minute, text: () => 'INFO cleanup finished' }),
  },
  {
    ...stage,
    spares: 'log-numbers',
    what: 'counters that count and times that vary',
    after: sending({
      every: 5_000,
      text: (index) => `INFO processed ${1000 + index * 10} requests, last took ${20 + ((index * 7) % 60)} ms`,
    }),
  },
];
