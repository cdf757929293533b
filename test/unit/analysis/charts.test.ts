import { describe, expect, it } from 'vitest';
import { describeChart } from '../../../src/analysis/explain/chart-words.ts';
import { drawKnown, drawSeries, questionsOf } from '../../../src/analysis/explain/charts.ts';
import { splitThreshold } from '../../../src/analysis/explain/promql.ts';
import { slimAlert } from '../../../src/signals/slim/alert.ts';
import { aFinding } from '../../support/builders.ts';
import { aContainer, aPod, checkout, minutes, now, viewOf } from '../../support/views.ts';

const MiB = 2 ** 20;

describe('what a rule watches', () => {
  it.each([
    ['rate(errors_total{job="a"}[5m]) > 0.5', 'rate(errors_total{job="a"}[5m])', '>', 0.5],
    ['0.9 < x', 'x', '>', 0.9],
    ['((up == 0))', 'up', '==', 0],
    ['a / b >= 1e3', 'a / b', '>=', 1000],
    ['(a / b > 0.9) and on (pod) c == 1 unless d', 'a / b', '>', 0.9],
    ['x > bool -1', 'x', '>', -1],
  ])('is told apart from its threshold: %s', (expression, query, operator, value) => {
    expect(splitThreshold(expression)).toEqual({ query, operator, value });
  });

  it.each(['up', 'a > b', 'a >', 'absent(x)', 'x > 1 or y > 2', '', 'x > 1) or (y', 'no such ! thing > 1'])(
    'cannot be told of %j',
    (expression) => {
      expect(splitThreshold(expression)).toBeUndefined();
    },
  );
});

describe('the picture of an alert', () => {
  const alert = slimAlert({
    fingerprint: 'f1',
    state: 'firing',
    labels: { alertname: 'Errors', namespace: 'shop', deployment: 'checkout', code: '500' },
    summary: '',
    description: '',
    startsAt: now,
    heardAt: now,
    repeats: 1,
    expression: 'sum by (code, deployment) (rate(errors[5m])) > 0.5',
  });
  const view = viewOf({ alert: [alert] });
  const finding = { ...aFinding(), detector: 'alert', kind: 'alert', subject: checkout, alerts: ['f1'] };

  it('is of what its rule watches, and only of its own series', () => {
    const [question] = questionsOf(finding, view);
    if (question === undefined) throw new Error('nothing is asked');
    expect(question).toMatchObject({
      title: 'Errors',
      query: 'sum by (code, deployment) (rate(errors[5m]))',
      limit: { name: 'threshold (>)', value: 0.5 },
    });
    const series = [
      { labels: { code: '500', deployment: 'checkout' }, values: [undefined, 0.1, undefined, 0.9] },
      { labels: { code: '404', deployment: 'checkout' }, values: [9, 9, 9, 9] },
    ];
    const { chart, share } = drawSeries(question, [1, 2, 3, 4], series);
    expect(share).toBe(0.5);
    expect(chart?.lines).toEqual([{ name: 'Errors', values: [0.1, 0.1, 0.9] }]);
    expect(chart === undefined ? '' : describeChart(chart)).toBe(
      'Errors: 0.1 at first, 0.9 at last ▁▁█\nthreshold (>): 0.5',
    );
    expect(drawSeries(question, [1, 2], [])).toEqual({ share: 0 });
  });

  it('is not asked for where the alert has no rule of that form, or ended', () => {
    const silent = { ...alert, rule: { expression: 'up', labels: {} } };
    expect(questionsOf(finding, viewOf({ alert: [silent] }))).toEqual([]);
    expect(questionsOf(finding, viewOf({ alert: [] }))).toEqual([]);
  });
});

describe('the picture of memory', () => {
  const pod = aPod({ name: 'web.1', containers: [aContainer({ name: 'app', memoryLimit: 100 * MiB })] });
  const usage = {
    uid: 'u',
    namespace: 'shop',
    name: 'web.1',
    createdAt: 0,
    everyMs: 30_000,
    containers: [{ name: 'app', memory: [95, 90, 40].map((one) => one * MiB) }],
  };
  const finding = { ...aFinding(), kind: 'memory-near-limit', subject: checkout, since: now - minutes };

  it('is asked of Prometheus by the names of the pods, dots and all', () => {
    const [question] = questionsOf(finding, viewOf({ pod: [pod] }));
    expect(question?.query).toBe(
      'max by (pod) (container_memory_working_set_bytes{namespace="shop",pod=~"web\\\\.1",container="app"})',
    );
    expect(question?.limit).toEqual({ name: 'limit', value: 100 * MiB });
  });

  it('is drawn from metrics-server where there is no Prometheus', () => {
    const [chart] = drawKnown(finding, viewOf({ pod: [pod], usage: [usage] }));
    expect(chart === undefined ? '' : describeChart(chart)).toBe(
      'web.1: 40 MiB at first, 95 MiB at last ▁▇█\nlimit: 100 MiB',
    );
    expect(drawKnown(finding, viewOf({ pod: [pod] }))).toEqual([]);
  });
});

it('draws how often something happened, and how an autoscaler went', () => {
  const rate = {
    uid: 'r',
    namespace: 'shop',
    name: 'Deployment/checkout',
    createdAt: now,
    regarding: checkout,
    bucketMs: 600_000,
    warnings: [30, 1, 0],
    restarts: [0, 0, 0],
    reasons: [],
  };
  const view = viewOf({
    rate: [rate],
    scaling: [
      {
        uid: 's',
        namespace: 'shop',
        name: 'checkout',
        createdAt: 0,
        sizes: [
          { at: 2, replicas: 1 },
          { at: 1, replicas: 4 },
        ],
      },
    ],
  });
  const [warnings] = drawKnown({ ...aFinding(), kind: 'event-rate', subject: checkout }, view);
  expect(warnings).toMatchObject({ title: 'Warnings in 10 minutes', lines: [{ values: [0, 1, 30] }] });
  const autoscaler = { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'checkout' };
  const [sizes] = drawKnown({ ...aFinding(), kind: 'autoscaler-flapping', subject: autoscaler }, view);
  expect(sizes).toMatchObject({ times: [1, 2], lines: [{ name: 'replicas', values: [4, 1] }] });
});
