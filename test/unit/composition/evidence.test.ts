import { describe, expect, it } from 'vitest';
import { createGathering } from '../../../src/composition/evidence.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Metrics, Span } from '../../../src/core/ports/metrics.ts';
import { aFinding } from '../../support/builders.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeConfigHistory } from '../../support/fakes/config-history.ts';
import { createFakeWorkloadLogs } from '../../support/fakes/workload-logs.ts';
import { aPattern, counts, theLogs } from '../../support/log-views.ts';
import { aContainer, aPod, checkout, minutes, now, viewOf } from '../../support/views.ts';

const MiB = 2 ** 20;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const finding = {
  ...aFinding(),
  kind: 'memory-near-limit',
  subject: checkout,
  since: now,
  release: undefined,
  exemplar: undefined,
};
const usage = {
  uid: 'u',
  namespace: 'shop',
  name: 'web-1',
  createdAt: 0,
  everyMs: 30_000,
  containers: [{ name: 'app', memory: [95 * MiB, 40 * MiB] }],
};
const view = viewOf({
  pod: [aPod({ name: 'web-1', containers: [aContainer({ name: 'app', memoryLimit: 100 * MiB })] })],
  usage: [usage],
});

/** The picture's query, among those for suspects. */
function isPicture(query: string): boolean {
  return query.startsWith('max by (pod)');
}

function gather(range: Metrics['range'] | undefined) {
  const metrics = range === undefined ? undefined : { range };
  const context = {
    metrics,
    traffic: { tolerance: 0.2 },
    skewMs: () => 0,
    logs: createFakeWorkloadLogs(),
    keepWhole: async () => undefined,
    history: createFakeConfigHistory(),
    open: async () => [],
    clock: createSteppedClock(now),
    log: silent,
  };
  return createGathering(context)({ finding, lines: [], view });
}

describe('the picture in the evidence', () => {
  it('looks closer at what has begun a moment ago', async () => {
    const spans: Span[] = [];
    const began = now - 8 * minutes;
    const evidence = await gather(async (query, span) => {
      if (!isPicture(query)) return [];
      spans.push(span);
      const step = (span.to - span.from) / (span.points - 1);
      const values = Array.from({ length: span.points }, (_, index) =>
        span.from + index * step >= began ? MiB : undefined,
      );
      return [{ labels: { pod: 'web-1' }, values }];
    });
    expect(spans.map(({ from, to }) => Math.round((to - from) / minutes))).toEqual([60, 10]);
    const [metric] = evidence.filter(({ kind }) => kind === 'metric');
    expect(metric?.chart?.times.at(0)).toBeGreaterThanOrEqual(now - 8 * minutes);
    expect(metric?.text).toContain('web-1: 1 MiB at first, 1 MiB at last');
  });

  it.each<[string, Metrics['range'] | undefined]>([
    [
      'does not answer',
      () => Promise.reject(new LifeguardError('away', { code: 'metrics-unreachable', retry: 'transient' })),
    ],
    ['knows nothing of it', async () => []],
    ['is not there', undefined],
  ])('is what Lifeguard has seen itself where Prometheus %s', async (_case, range) => {
    const [metric] = (await gather(range)).filter(({ kind }) => kind === 'metric');
    expect(metric?.text).toContain('web-1: 40 MiB at first, 95 MiB at last');
  });
});

it('quotes before all the patterns that the finding itself quotes', async () => {
  const slow = aPattern({ template: 'quote <*> took <*> ms', sample: 'quote 2 took 110 ms', counts: counts([2, 5]) });
  const failed = aPattern({ template: 'cannot start', sample: 'cannot start', level: 'error', counts: counts([2, 5]) });
  const logs = theLogs([failed, slow]);
  const drift = { ...finding, cause: '“took” is 1500 ms, 100 ms before, in “quote <*> took <*> ms”.' };
  const context = {
    metrics: undefined,
    logs: createFakeWorkloadLogs(),
    keepWhole: async () => undefined,
    history: createFakeConfigHistory(),
    open: async () => [],
    traffic: { tolerance: 0.2 },
    skewMs: () => 0,
    clock: createSteppedClock(now),
    log: silent,
  };
  const gather = createGathering(context);
  const evidence = await gather({ finding: drift, lines: [], view: viewOf({ pod: [aPod()], logs: [logs] }) });
  const texts = evidence.filter(({ kind }) => kind === 'pattern').map(({ text }) => text);
  expect(texts).toEqual([expect.stringContaining('quote <*> took <*> ms'), expect.stringContaining('cannot start')]);
});
