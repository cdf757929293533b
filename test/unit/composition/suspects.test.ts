import { describe, expect, it } from 'vitest';
import { createGathering } from '../../../src/composition/evidence.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Evidence } from '../../../src/core/evidence.ts';
import type { Metrics, Series, Span } from '../../../src/core/ports/metrics.ts';
import { aFinding } from '../../support/builders.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeConfigHistory } from '../../support/fakes/config-history.ts';
import { createFakeWorkloadLogs } from '../../support/fakes/workload-logs.ts';
import {
  aContainer,
  aPod,
  aRevision,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  viewOf,
} from '../../support/views.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const MiB = 2 ** 20;
const finding = { ...aFinding(), subject: checkout, since: now, release: undefined, exemplar: undefined };
const env = { PAYMENTS_URL: 'http://payments:8080' };
const view = viewOf({
  workload: [
    aWorkload(),
    aWorkload({ uid: 'uid-payments', name: 'payments', template: { labels: { app: 'payments' }, containers: [] } }),
  ],
  service: [aService({ name: 'payments', selector: { app: 'payments' } })],
  revision: [aRevision(2, { containers: [{ name: 'app', image: 'a', env, command: '', resources: {} }] })],
  pod: [
    aPod({
      name: 'payments-2-a',
      owner: { kind: 'Deployment', name: 'payments', uid: 'uid-payments' },
      containers: [aContainer({ memoryLimit: 256 * MiB })],
    }),
  ],
});

const cpu = 'container_cpu_usage_seconds_total{namespace';
const memory = 'container_memory_working_set_bytes{namespace';

/** A value of each moment: `usual`, and from `at` on `then`. */
function leap(span: Span, usual: number, [at, then]: readonly [at: number, then: number]): Series['values'] {
  const step = (span.to - span.from) / (span.points - 1);
  return Array.from({ length: span.points }, (_, index) => (span.from + index * step >= at ? then : usual));
}

function deployment(owner: string, values: Series['values']): Series {
  return { labels: { namespace: 'shop', owner }, values };
}

interface World {
  readonly range: Metrics['range'];
  readonly clock?: ReturnType<typeof createSteppedClock>;
  readonly skewMs?: number;
  readonly traffic?: { readonly errorRate?: string };
}

async function suspectsIn({ range, clock = createSteppedClock(now + minutes), skewMs = 0, traffic }: World) {
  const gather = createGathering({
    metrics: { range },
    traffic: { tolerance: 0.2, ...traffic },
    logs: createFakeWorkloadLogs(),
    keepWhole: async () => undefined,
    history: createFakeConfigHistory(),
    open: async () => [],
    clock,
    skewMs: () => skewMs,
    log: silent,
  });
  return (await gather({ finding, lines: [], view })).filter(({ kind }) => kind === 'suspect');
}

function textOf(evidence: readonly Evidence[]): string {
  return evidence.map(({ text }) => text).join('\n');
}

/** Payments burns CPU, and the checkout, which calls it, a little more than usual. */
const burning: Metrics['range'] = async (query, span) => {
  if (!query.includes(cpu)) return [];
  return [
    deployment('payments', leap(span, 0.02, [now - 2 * minutes, 0.9])),
    deployment('checkout', leap(span, 0.1, [now, 0.15])),
  ];
};

describe('the suspects in the evidence', () => {
  it('are named with numbers, the most suspect first', async () => {
    const [evidence, ...others] = await suspectsIn({ range: burning });
    expect(others).toEqual([]);
    expect(evidence?.source).toContain('when shop/checkout got into trouble');
    expect(evidence?.text.split('\n')).toEqual([
      '1. CPU of a pod of Deployment shop/payments rose from 0.02 cores to 0.9 cores, 2 min before the symptom at Deployment shop/checkout; changed too, and depend on it: Deployment shop/checkout',
      '2. CPU of a pod of Deployment shop/checkout rose from 0.1 cores to 0.15 cores',
    ]);
  });

  it('include what fails or is slow by the configured queries, but not how the subject itself serves', async () => {
    const asked: string[] = [];
    const range: Metrics['range'] = async (query, span) => {
      asked.push(query);
      return query.includes('failed') ? [{ labels: {}, values: leap(span, 0, [now - minutes, 30]) }] : [];
    };
    const text = textOf(await suspectsIn({ range, traffic: { errorRate: 'failed{app="$name"}' } }));
    expect(text).toContain('failed requests of Deployment shop/payments rose from 0 % to 30 %, 1 min before');
    expect(asked.filter((query) => query.includes('app="checkout"'))).toEqual([]);
  });

  it('say so where only the subject itself stands out', async () => {
    const range: Metrics['range'] = async (query, span) => {
      if (!query.includes(memory)) return [];
      return [
        deployment('payments', leap(span, 50 * MiB, [now, 51 * MiB])),
        deployment('checkout', leap(span, 100 * MiB, [now - minutes, 240 * MiB])),
      ];
    };
    expect(textOf(await suspectsIn({ range })).split('\n')).toEqual([
      'memory of a pod of Deployment shop/checkout rose from 100 MiB to 240 MiB',
      'Nothing else that was measured around it left its usual range before it.',
    ]);
  });

  it('tell the limit of what fills up', async () => {
    const range: Metrics['range'] = async (query, span) =>
      query.includes(memory) ? [deployment('payments', leap(span, 100 * MiB, [now - minutes, 250 * MiB]))] : [];
    expect(textOf(await suspectsIn({ range }))).toContain(
      'memory of a pod (limit 256 MiB) of Deployment shop/payments rose from 100 MiB to 250 MiB',
    );
  });

  it.each<[string, Metrics['range']]>([
    ['nothing left its usual range', async (_query, span) => [deployment('payments', leap(span, 0.02, [now, 0.025]))]],
    [
      'too little is known of what is usual',
      async (query, span) =>
        (await burning(query, span)).map(({ labels, values }) => ({
          labels,
          values: values.map((value, index) => (span.points === 60 && index < 41 ? undefined : value)),
        })),
    ],
    [
      'Prometheus is away',
      () => Promise.reject(new LifeguardError('away', { code: 'metrics-unreachable', retry: 'transient' })),
    ],
    [
      'it changed only after the symptom',
      async (query, span) => burning(query, { ...span, from: span.from - 9 * minutes, to: span.to - 9 * minutes }),
    ],
  ])('are none where %s', async (_case, range) => {
    expect(await suspectsIn({ range })).toEqual([]);
  });

  it('are told of the measures that came in time', async () => {
    const clock = createSteppedClock(now + minutes);
    const { promise: stuck } = Promise.withResolvers<readonly Series[]>();
    const range: Metrics['range'] = (query, span) => (query.includes(memory) ? stuck : burning(query, span));
    const gathered = suspectsIn({ range, clock });
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(4_000);
    expect(textOf(await gathered)).toContain('1. CPU of a pod of Deployment shop/payments rose');
  });

  it('are looked for by the clock of the cluster, which dates the samples', async () => {
    const spans: Span[] = [];
    const skewMs = 10 * minutes;
    const range: Metrics['range'] = async (query, span) => {
      spans.push(span);
      const ours = { ...span, from: span.from - skewMs, to: span.to - skewMs };
      return burning(query, ours);
    };
    expect(textOf(await suspectsIn({ range, skewMs }))).toContain('2 min before the symptom');
    expect(Math.min(...spans.map(({ to }) => to))).toBeGreaterThan(now);
  });
});
