import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Dependency, SuspectSeries } from '../../src/analysis/suspects/suspect.ts';
import { type RecordedIncident, readNumber, readTable } from './incident.ts';

const Target = z.object({
  target: z.object({ node: z.string(), metric: z.enum(['latency', 'availability']), timestamp: z.number() }),
  root_cause: z.object({ node: z.string() }),
});

interface Metrics {
  /** Epoch milliseconds of each sample. */
  readonly times: readonly number[];
  readonly columns: readonly MetricColumn[];
}

interface MetricColumn {
  readonly node: string;
  readonly metric: string;
  readonly statistic: string;
  readonly values: readonly (number | undefined)[];
}

/** A share of successes below it is one of failures. */
const percent = 100;

/** The faults of every traffic scenario and split that the folder holds; normal is the scenario's time without faults. */
export async function readPetshop(folder: string): Promise<readonly RecordedIncident[]> {
  const scenarios = (await readdir(folder))
    .filter((name) => name.endsWith('traffic') || /traffic\d$/.test(name))
    .toSorted();
  return (await Promise.all(scenarios.map((scenario) => readScenario(folder, scenario)))).flat();
}

async function readScenario(folder: string, scenario: string): Promise<readonly RecordedIncident[]> {
  const path = `${folder}/${scenario}`;
  const normal = await readMetrics(`${path}/noissue/metrics.csv`);
  const dependencies = await readGraph(`${path}/graph.csv`);
  const files = await readdir(path, { recursive: true });
  const issues = files
    .filter((name) => name.endsWith('/target.json'))
    .map((name) => name.slice(0, -'/target.json'.length));
  return Promise.all(
    issues.toSorted().map(async (issue): Promise<RecordedIncident> => {
      const { target, root_cause } = Target.parse(JSON.parse(await readFile(`${path}/${issue}/target.json`, 'utf8')));
      const abnormal = await readMetrics(`${path}/${issue}/metrics.csv`);
      const { times } = abnormal;
      const kind = target.metric === 'latency' ? 'latency' : 'errors';
      const begun = Math.max(
        0,
        times.findLastIndex((time) => time <= target.timestamp * 1_000),
      );
      const pairs = pairUp(normal, abnormal);
      return {
        group: `petshop ${scenario}, ${target.metric}`,
        name: issue,
        cause: root_cause.node,
        columns: pairs.map((pair) => ({ ...pair, abnormal: pair.abnormal.slice(begun) })),
        inquiry: {
          series: pairs.flatMap(seriesOf),
          dependencies,
          symptom: { node: target.node, kind, since: times[begun] ?? 0 },
          span: { from: times[0] ?? 0, to: times.at(-1) ?? 0, points: times.length },
        },
      };
    }),
  );
}

type ColumnPair = Omit<MetricColumn, 'values'> & Pick<SuspectSeries, 'normal' | 'abnormal'>;

function pairUp(normal: Metrics, abnormal: Metrics): readonly ColumnPair[] {
  const usual = new Map(
    normal.columns.map(({ node, metric, statistic, values }) => [`${node} ${metric} ${statistic}`, values]),
  );
  return abnormal.columns.map(({ values, ...column }) => ({
    ...column,
    normal: usual.get(`${column.node} ${column.metric} ${column.statistic}`) ?? [],
    abnormal: values,
  }));
}

function seriesOf({ node, metric, statistic, normal, abnormal }: ColumnPair): readonly SuspectSeries[] {
  if (metric === 'latency')
    return [{ node, name: `${statistic} latency`, kind: 'latency', unit: 'seconds', normal, abnormal }];
  if (metric !== 'availability') return [];
  const failed = (value: number | undefined): number | undefined => (value === undefined ? undefined : percent - value);
  return [
    {
      node,
      name: 'failed share',
      kind: 'errors',
      unit: 'percent',
      normal: normal.map(failed),
      abnormal: abnormal.map(failed),
    },
  ];
}

/** Three rows of headings, then one that names the index, then the samples. */
async function readMetrics(path: string): Promise<Metrics> {
  const [nodes = [], metrics = [], statistics = [], , ...rows] = await readTable(path);
  const columns = nodes.slice(1).map((node, at) => ({
    node,
    metric: metrics[at + 1] ?? '',
    statistic: statistics[at + 1] ?? '',
    values: rows.map((row) => readNumber(row[at + 1])),
  }));
  return { times: rows.map(([time]) => Number(time) * 1_000), columns };
}

/** An adjacency matrix: the row calls the column. */
async function readGraph(path: string): Promise<readonly Dependency[]> {
  const [heading = [], ...rows] = await readTable(path);
  return rows.flatMap(([of = '', ...cells]) =>
    cells.flatMap((cell, at) => (Number(cell) > 0 ? [{ of, on: heading[at + 1] ?? '' }] : [])),
  );
}
