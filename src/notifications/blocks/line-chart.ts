import type { Chart } from '../../core/chart.ts';
import { cut, cutStart } from '../../core/cut.ts';
import { plainText } from './mrkdwn.ts';

/** Slack's `data_visualization`, which @slack/types does not know yet. */
export interface LineChartBlock {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label: string;
      readonly y_label: string;
    };
  };
}

/** Slack's limits: characters of a title and of a name, series, moments. */
const limits = { title: 50, name: 20, series: 6, points: 20 } as const;

/** Sizes in which bytes are counted, the largest first. */
const scales = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The newest moments of a chart, its limit as a line of its own. */
export function lineChart({ title, unit, times, lines, limit }: Chart): LineChartBlock {
  const shown = times.slice(-limits.points);
  const categories = labelTimes(shown);
  const [word, scale] = scaleOf(unit, [...lines.flatMap(({ values }) => values), limit?.value ?? 0]);
  const all = [
    ...lines.slice(0, limits.series - 1).map(({ name, values }) => ({ name, values: values.slice(-limits.points) })),
    ...(limit === undefined ? [] : [{ name: limit.name, values: shown.map(() => limit.value) }]),
  ];
  const names = nameApart(all.map(({ name }) => name));
  return {
    type: 'data_visualization',
    title: plainText(title, limits.title),
    chart: {
      type: 'line',
      series: all.map(({ values }, index) => ({
        name: names[index] ?? '',
        data: categories.map((label, at) => ({ label, value: round((values[at] ?? 0) / scale) })),
      })),
      axis_config: { categories, x_label: 'UTC', y_label: word },
    },
  };
}

/** `14:05`, with seconds where minutes are not apart and with the day where hours are not enough. Each label is another. */
function labelTimes(times: readonly number[]): readonly string[] {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const apart = Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  const [from, to] = last - first >= dayMs ? [5, 16] : [11, apart >= minuteMs ? 16 : 19];
  return nameApart(times.map((time) => new Date(time).toISOString().slice(from, to).replace('T', ' ')));
}

/** The end of a long name tells more than its beginning: `…-7d9f-x2k4b`. A name that is taken gets a number. */
function nameApart(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((full) => {
    const name = full.trim() === '' ? '–' : plainText(cutStart(full, limits.name), limits.name);
    let own = name;
    for (let count = 2; taken.has(own); count += 1) own = `${cut(name, limits.name - 4, '')} ${count}`;
    taken.add(own);
    return own;
  });
}

function scaleOf(unit: Chart['unit'], values: readonly number[]): readonly [string, number] {
  if (unit === 'count') return ['number', 1];
  const highest = Math.max(...values.map(Math.abs));
  return scales.find(([, scale]) => highest >= scale) ?? ['bytes', 1];
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
