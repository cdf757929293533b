import { describe, expect, it } from 'vitest';
import { logErrors } from '../../../src/analysis/detectors/log-errors.ts';
import { logNumbers } from '../../../src/analysis/detectors/log-numbers.ts';
import { logSilence } from '../../../src/analysis/detectors/log-silence.ts';
import type { LogsView } from '../../../src/core/views/logs.ts';
import { aPattern, bucketMs, counts, theLogs } from '../../support/log-views.ts';
import {
  aPod,
  aRevision,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const long = 40 * minutes;
const old = { createdAt: now - long };
const settled: ViewParts = { pod: [aPod(old)], revision: [aRevision(1, old), aRevision(2, old)] };

function judge(
  detector: typeof logErrors | typeof logSilence | typeof logNumbers,
  logs: LogsView,
  parts: ViewParts = {},
) {
  const view = viewOf({ ...settled, ...parts, logs: [logs] });
  return detector.configure({}).evaluate({ subject: checkout, view, now }).findings;
}

const orders = aPattern();
const refused = {
  template: 'cannot reach payments: connection refused',
  sample: 'cannot reach payments: connection refused',
  level: 'error',
} as const;

describe('errors in the log', () => {
  it('are told where they are new, with a line and since when', () => {
    const error = aPattern({ ...refused, counts: counts([6, 8]) });
    expect(judge(logErrors, theLogs([orders, error]))).toEqual([
      expect.objectContaining({
        kind: 'log-error-new',
        severity: 'warning',
        since: error.firstAt,
        affectedPods: 1,
        cause: expect.stringContaining('more than 20 times so far: “cannot reach payments: connection refused”'),
      }),
    ]);
  });

  it('are looked at again when one has lasted long enough, though nothing more is said', () => {
    const error = aPattern({ ...refused, counts: counts([2, 8]), firstAt: now - 40 * seconds });
    const view = viewOf({ ...settled, logs: [theLogs([orders, error])] });
    const judgeAt = (at: number) => logErrors.configure({}).evaluate({ subject: checkout, view, now: at });
    expect(judgeAt(now)).toEqual({ findings: [], recheckAt: now + 20 * seconds });
    expect(judgeAt(now + 20 * seconds).findings).toMatchObject([{ kind: 'log-error-new' }]);
    expect(judgeAt(now + 20 * seconds).recheckAt).toBeUndefined();
  });

  it('say what a well-known one means, and name the Service and the workload behind it', () => {
    const line = 'GET http://payments:8080/pay: dial tcp 10.0.0.7:8080: connect: connection refused';
    const error = aPattern({ template: line, sample: line, level: 'error', counts: counts([6, 8]) });
    const payments = { ...aWorkload(), uid: 'uid-payments', name: 'payments' };
    const workload = [aWorkload(), { ...payments, template: { ...payments.template, labels: { app: 'payments' } } }];
    const service = [aService({ name: 'payments', selector: { app: 'payments' } })];
    const [finding] = judge(logErrors, theLogs([orders, error]), { workload, service });
    expect(finding?.cause).toMatch(/refuses? connections?|refused/);
    expect(finding?.about).toEqual([
      { kind: 'Service', namespace: 'shop', name: 'payments' },
      { kind: 'Deployment', namespace: 'shop', name: 'payments', uid: 'uid-payments' },
    ]);
    expect(finding?.cause).toContain('What it calls is Service shop/payments.');
    expect(finding?.next).toBeDefined();
  });

  it('name the Service also where the line has but its address', () => {
    const line = 'redis: dial tcp 10.96.0.7:6379: connect: connection refused';
    const error = aPattern({ template: line, sample: line, level: 'error', counts: counts([6, 8]) });
    const service = [aService({ name: 'other' }), aService({ name: 'cache', addresses: ['10.96.0.7', 'fd00::7'] })];
    const [finding] = judge(logErrors, theLogs([orders, error]), { service });
    expect(finding?.cause).toContain('10.96.0.7:6379 refuses connections');
    expect(finding?.cause).toContain('What it calls is Service shop/cache.');
  });

  it('are told where known ones come far more often', () => {
    const error = aPattern({ ...refused, counts: counts([3, 60], [37, 1]) });
    const [finding] = judge(logErrors, theLogs([orders, error]));
    expect(finding).toMatchObject({ kind: 'log-error-surge', since: now - 2 * bucketMs });
    expect(finding?.cause).toContain('more than 50 times in 30 s');
    expect(finding?.cause).toContain('1 times at most times and never more than 1');
  });

  it('are told where one that was heard while it started comes again and again', () => {
    const error = aPattern({ ...refused, counts: counts([4, 3], [34, 0], [2, 1]) });
    const [finding] = judge(logErrors, theLogs([orders, error]));
    expect(finding).toMatchObject({ kind: 'log-error-surge', since: now - 3 * bucketMs });
    expect(finding?.cause).toContain('more than 10 times so far, 2 times before: “cannot reach payments');
  });

  it.each([
    ['come back as they were', counts([4, 3], [20, 0], [4, 3], [12, 0])],
    ['always there', counts([40, 8])],
    ['a single line', [0, 1, 0]],
    ['over within a minute', counts([1, 30])],
    ['long over', counts([12, 0], [4, 10])],
    ['as often as at its worst before', counts([3, 60], [10, 1], [2, 60], [25, 1])],
  ])('are not told where they are %s', (_name, said) => {
    expect(judge(logErrors, theLogs([orders, aPattern({ ...refused, counts: said })]))).toEqual([]);
  });

  it('are not told of what was not listened to for long, and not of warnings', () => {
    const young = aPattern({ counts: counts([8, 10]) });
    expect(judge(logErrors, theLogs([young, aPattern({ ...refused, counts: counts([6, 8]) })]))).toEqual([]);
    const warning = aPattern({ ...refused, level: 'warning', counts: counts([6, 8]) });
    expect(judge(logErrors, theLogs([orders, warning]))).toEqual([]);
  });
});

describe('a log that falls silent', () => {
  const silent = counts([6, 0], [34, 12]);

  it('is told where nothing comes any more, while the pods are ready', () => {
    const [finding] = judge(logSilence, theLogs([aPattern({ counts: silent })]));
    expect(finding).toMatchObject({ kind: 'log-silent', since: now - 5 * bucketMs });
    expect(finding?.cause).toContain('It has logged nothing since');
    expect(finding?.cause).toContain('24 lines a minute before');
  });

  it('is measured by whole buckets: not by the one in which it began', () => {
    const [finding] = judge(logSilence, theLogs([aPattern({ counts: [...counts([6, 0], [1, 2], [33, 12])] })]));
    expect(finding?.cause).toContain('24 lines a minute before, never less than 24');
  });

  it('is not told where all other logs have fallen silent too: nobody collects them', () => {
    const own = theLogs([aPattern({ counts: silent })]);
    const other = (name: string, said: readonly number[]): LogsView => ({
      ...theLogs([aPattern({ counts: [...said] })]),
      uid: name,
      name: `Deployment/${name}`,
    });
    const view = (...others: readonly LogsView[]) => viewOf({ ...settled, logs: [own, ...others] });
    const told = (...others: readonly LogsView[]) =>
      logSilence.configure({}).evaluate({ subject: checkout, view: view(...others), now }).findings.length;
    expect(told(other('cart', silent), other('till', silent))).toBe(0);
    expect(told(other('cart', silent), other('till', counts([40, 12])))).toBe(1);
    expect(told(other('cart', silent))).toBe(1);
  });

  it('is told where next to nothing comes', () => {
    const trickle = counts([6, 1], [34, 40]);
    expect(judge(logSilence, theLogs([aPattern({ counts: trickle })]))[0]?.cause).toContain('next to nothing');
  });

  it('is told of one heartbeat while other lines go on', () => {
    const beat = aPattern({ template: 'heartbeat ok', sample: 'heartbeat ok', counts: silent });
    const [finding] = judge(logSilence, theLogs([orders, beat]));
    expect(finding).toMatchObject({ kind: 'log-heartbeat-stopped', since: beat.lastAt });
    expect(finding?.cause).toContain('“heartbeat ok”');
  });

  it('is told of one pod while its siblings go on', () => {
    const names = ['checkout-2-a', 'checkout-2-b'];
    const linesOf = { 'checkout-2-a': silent, 'checkout-2-b': counts([40, 12]) };
    const pod = names.map((name) => aPod({ ...old, name }));
    const [finding] = judge(logSilence, theLogs([orders], { linesOf }), { pod });
    expect(finding).toMatchObject({ kind: 'log-silent', affectedPods: 1, totalPods: 2 });
    expect(finding?.cause).toContain('checkout-2-a has logged nothing since');
  });

  it('is not told while some of it cannot be read', () => {
    const logs = theLogs([aPattern({ counts: silent })], { unheard: ['checkout-2-a'] });
    expect(judge(logSilence, logs)).toEqual([]);
  });

  it.each([
    ['a short silence', counts([3, 0], [37, 12])],
    [
      'what comes now and then',
      [0, 0, 0, 0, 0, 0, ...Array.from({ length: 34 }, (_, index) => (index % 3 === 0 ? 5 : 0))],
    ],
    ['a silence as there was before', [...counts([6, 0], [10, 12], [3, 0], [21, 12])]],
    ['what was heard for a short time only', counts([6, 0], [8, 12])],
  ])('is not told of %s', (_name, said) => {
    const beat = aPattern({ template: 'beat', counts: said });
    expect(judge(logSilence, theLogs([beat]))).toEqual([]);
  });

  it.each([
    ['whose pods are not ready', { pod: [aPod({ ...old, ready: false })] }],
    ['whose pods were replaced', { pod: [aPod({ createdAt: now - 2 * minutes })] }],
    ['after a release', { revision: [aRevision(1, old), aRevision(2, { createdAt: now - 3 * minutes })] }],
  ])('is not told of a workload %s', (_name, parts) => {
    expect(judge(logSilence, theLogs([aPattern({ counts: silent })]), parts)).toEqual([]);
  });
});

describe('numbers in the log', () => {
  const line = { template: 'GET /pay took <*> ms', sample: 'GET /pay took 5021 ms' };
  const told = (name: string, unit: string, medians: readonly (number | null)[]) =>
    judge(logNumbers, theLogs([aPattern({ ...line, numbers: [{ name, unit, medians: [...medians] }] })]));
  const wobble = (value: number) => Array.from({ length: 30 }, (_, index) => value * (1 + ((index * 7) % 5) / 20));

  it('are told where it takes far longer than it did', () => {
    const [finding] = told('took', 'ms', [5000, 5100, 4900, 5020, 4980, ...wobble(90)]);
    expect(finding).toMatchObject({ kind: 'log-number-drift', since: now - 4 * bucketMs });
    expect(finding?.cause).toContain('“took” is 5000 ms, 100 ms before');
    expect(finding?.impact).toBe('took 5000 ms, 100 ms before');
  });

  it.each([
    [1510, '1500 ms'],
    [1730, '1500 ms'],
    [463, '500 ms'],
    [97_000, '100000 ms'],
  ])('are rounded so that %s is told as %s', (value, shown) => {
    const [finding] = told('took', 'ms', [value, value, value, value, value, ...wobble(90)]);
    expect(finding?.cause).toContain(`“took” is ${shown}, 100 ms before (never beyond 100 ms)`);
  });

  it('are told although the first request after a start was slow', () => {
    const [finding] = told('took', 'ms', [1500, 1500, 1500, 1500, 1500, 1500, ...wobble(100), 1200]);
    expect(finding?.cause).toContain('“took” is 1500 ms');
  });

  it('are told where a pool is full and where a cache no longer helps', () => {
    const full = [100, 100, 100, 100, 100, 100, ...wobble(40)];
    expect(told('pool active', '% of all', full)[0]?.cause).toContain('100 % of all');
    const cold = [12, 10, 11, 12, 9, 10, ...wobble(75)];
    expect(told('hit rate', '%', cold)).toHaveLength(1);
  });

  it('are told while they still rise', () => {
    const rising = [5000, 4000, 3200, 2600, 2000, 1500, 1000, 600, ...wobble(100)];
    expect(told('latency', 'ms', rising)).toHaveLength(1);
  });

  it.each([
    ['a counter', 'requests processed', '', Array.from({ length: 40 }, (_, index) => 4000 - index * 100)],
    ['a number without a telling name', 'order', '', [5000, 5000, 5000, 5000, 5000, ...wobble(100)]],
    ['one high bucket', 'took', 'ms', [5000, 5000, 100, 110, 105, ...wobble(100)]],
    ['a cache that gets better', 'hit rate', '%', [99, 98, 99, 99, 98, 99, ...wobble(50)]],
    ['what is fast either way', 'took', 'ms', [3, 3, 3, 3, 3, 3, ...wobble(0.5)]],
    ['too little history', 'took', 'ms', [5000, 5000, 5000, 5000, 5000, 100, 100, 100]],
    [
      'what was as slow before',
      'took',
      'ms',
      [5000, 5000, 5000, 5000, 5000, ...wobble(100).slice(0, 20), 5000, ...wobble(100).slice(0, 8)],
    ],
    ['nothing said', 'took', 'ms', [null, null, null, null, ...wobble(100)]],
  ])('are not told of %s', (_name, name, unit, medians) => {
    expect(told(name, unit, medians)).toEqual([]);
  });
});

it('nothing is said of a workload that nobody listens to', () => {
  const view = viewOf(settled);
  for (const detector of [logErrors, logSilence, logNumbers])
    expect(detector.configure({}).evaluate({ subject: checkout, view, now: now + 5 * seconds }).findings).toEqual([]);
});
