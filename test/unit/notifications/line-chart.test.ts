import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../demo/slack/block-kit/check.ts';
import type { Chart } from '../../../src/core/chart.ts';
import { lineChart } from '../../../src/notifications/blocks/line-chart.ts';

const start = Date.parse('2026-03-02T10:00:00Z');

function chartOf(overrides: Partial<Chart> = {}): Chart {
  const times = Array.from({ length: 20 }, (_, index) => start + index * 30_000);
  const values = times.map((_, index) => (index + 1) * 2 ** 20);
  return { title: 'Memory', unit: 'bytes', times, lines: [{ name: 'web-1', values }], ...overrides };
}

describe('a line chart', () => {
  it('counts in a size that people read, with the limit as a line of its own', () => {
    const { chart } = lineChart(chartOf({ limit: { name: 'limit', value: 64 * 2 ** 20 } }));
    expect(chart.axis_config).toMatchObject({ x_label: 'UTC', y_label: 'MiB' });
    expect(chart.series.map(({ name }) => name)).toEqual(['web-1', 'limit']);
    expect(chart.series[0]?.data.at(-1)).toEqual({ label: '10:09:30', value: 20 });
    expect(chart.series[1]?.data[0]).toEqual({ label: '10:00:00', value: 64 });
  });

  it.each<[string, Partial<Chart>]>([
    [
      'long names that end differently',
      { lines: ['a', 'b'].map((end) => ({ name: `checkout-7d9f8c6b5-x2k4${end}`, values: Array(20).fill(1) })) },
    ],
    ['names that are the same', { lines: ['x', 'x'].map((name) => ({ name, values: Array(20).fill(1) })) }],
    [
      'more lines and moments than Slack draws',
      {
        times: Array.from({ length: 40 }, (_, at) => start + at * 60_000),
        lines: Array.from({ length: 9 }, (_, at) => ({ name: `p${at}`, values: Array(40).fill(at) })),
      },
    ],
    ['a day of moments', { times: Array.from({ length: 20 }, (_, at) => start + at * 5_000_000) }],
    ['moments too close to tell', { times: Array.from({ length: 20 }, (_, at) => start + at) }],
    ['nothing but zeros', { lines: [{ name: 'web-1', values: Array(20).fill(0) }] }],
    [
      'an empty name and a title that goes on',
      { title: 'x'.repeat(99), lines: [{ name: '', values: Array(20).fill(0) }] },
    ],
  ])('is one that Slack takes: %s', (_case, overrides) => {
    expect(checkBlocks([lineChart(chartOf(overrides))])).toEqual([]);
  });
});
