import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SuspectSeries } from '../../src/analysis/suspects/suspect.ts';
import { type RecordedIncident, readNumber, readTable } from './incident.ts';

const Faults = z.record(
  z.string(),
  z.array(z.object({ inject_time: z.string(), inject_pod: z.string(), inject_type: z.string() })),
);

const minuteMs = 60_000;

/** Minutes around an injection: shown before it, shown from it on, and kept out of what is normal. */
const [before, after, unquiet] = [3, 5, 6];

/** One metric of one pod. Only what the rule takes has a `kind`. */
interface Recorded {
  readonly node: string;
  readonly measure?: Pick<SuspectSeries, 'name' | 'kind' | 'unit'>;
  /** By minute since the epoch. */
  readonly values: ReadonlyMap<number, number | undefined>;
}

const mebibyte = 2 ** 20;

/** The faults of every day that the folder holds; normal are all minutes of the same day far from any fault. */
export async function readNezha(folder: string): Promise<readonly RecordedIncident[]> {
  const days = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name)).toSorted();
  return (await Promise.all(days.map((day) => readDay(folder, day)))).flat();
}

async function readDay(folder: string, day: string): Promise<readonly RecordedIncident[]> {
  const path = `${folder}/${day}/metric`;
  const pods = (await readdir(path))
    .filter((name) => name.endsWith('_metric.csv'))
    .map((name) => name.slice(0, -'_metric.csv'.length));
  const podOf = (service: string | undefined): string => pods.find((pod) => pod.split('-')[0] === service) ?? '';
  const recorded = [
    ...(await Promise.all(pods.map((pod) => readPod(`${path}/${pod}_metric.csv`, pod)))).flat(),
    ...(await readCalls(`${path}/source_50.csv`, podOf)),
  ];
  const dependencies = (await readTable(`${path}/dependency.csv`))
    .slice(1)
    .map(([of, on]) => ({ of: podOf(of), on: podOf(on) }))
    .filter(({ of, on }) => of !== '' && on !== '');
  const listed = Faults.parse(JSON.parse(await readFile(`${folder}/${day}/fault_list.json`, 'utf8')));
  const faults = Object.values(listed)
    .flat()
    .map((fault) => ({ ...fault, minute: minuteOf(fault.inject_time) }));
  const minutes = [...new Set(recorded.flatMap(({ values }) => [...values.keys()]))].toSorted((a, b) => a - b);
  const quiet = minutes.filter((minute) =>
    faults.every((fault) => minute < fault.minute - before || minute > fault.minute + unquiet),
  );
  return faults.map(({ minute, inject_pod, inject_type }): RecordedIncident => {
    const shown = Array.from({ length: before + after }, (_, at) => minute - before + at);
    const columns = recorded.map(({ values, ...rest }) => ({
      ...rest,
      normal: quiet.map((one) => values.get(one)),
      abnormal: shown.map((one) => values.get(one)),
    }));
    return {
      group: `nezha ${day}, pods`,
      name: `${inject_type} at ${new Date(minute * minuteMs).toISOString()}`,
      cause: inject_pod,
      columns: columns.map((column) => ({ ...column, abnormal: column.abnormal.slice(before) })),
      inquiry: {
        series: columns.flatMap(({ measure, ...column }) => (measure === undefined ? [] : [{ ...column, ...measure }])),
        dependencies,
        symptom: { node: podOf('frontend'), since: minute * minuteMs },
        span: { from: (minute - before) * minuteMs, to: (minute + after - 1) * minuteMs, points: before + after },
      },
    };
  });
}

/** Three columns name the sample; those of the machine belong to no pod. */
async function readPod(path: string, pod: string): Promise<readonly Recorded[]> {
  const [heading = [], ...rows] = await readTable(path);
  return heading.flatMap((name, at) => {
    if (at < 3 || name.startsWith('Node')) return [];
    const scale = name === 'MemoryUsage(Mi)' ? mebibyte : 1;
    const measure = measureOf(name);
    const values = new Map(rows.map((row) => [minuteOf(row[0] ?? ''), scaled(readNumber(row[at]), scale)]));
    return [{ node: pod, values, ...(measure === undefined ? {} : { measure }) }];
  });
}

function measureOf(name: string): Recorded['measure'] {
  if (name === 'CpuUsageRate(%)') return { name: 'CPU usage', kind: 'saturation', unit: 'percent' };
  if (name === 'MemoryUsage(Mi)') return { name: 'memory', kind: 'saturation', unit: 'bytes' };
  const [, side, percentile] = /^Pod(Client|Server)LatencyP(\d+)/.exec(name) ?? [];
  if (side === undefined) return undefined;
  return {
    name: `p${percentile} ${side === 'Client' ? 'latency of calls' : 'latency'}`,
    kind: 'latency',
    unit: 'seconds',
  };
}

/** How long a call takes for those who make it, told of the pod that answers: `frontend_cartservice`. */
async function readCalls(path: string, podOf: (service: string | undefined) => string): Promise<readonly Recorded[]> {
  const [heading = [], ...rows] = await readTable(path);
  return heading.slice(2).map((name, at) => {
    const [caller, answerer] = name.split('_');
    const values = new Map(rows.map((row) => [minuteOf(row[0] ?? ''), readNumber(row[at + 2])]));
    return {
      node: podOf(answerer),
      measure: { name: `p50 latency seen by ${caller}`, kind: 'latency', unit: 'seconds' },
      values,
    };
  });
}

function scaled(value: number | undefined, scale: number): number | undefined {
  return value === undefined ? undefined : value * scale;
}

/** Of `2022-08-22 03:51:19.607 +0000 UTC`. */
function minuteOf(time: string): number {
  return Math.floor(Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`) / minuteMs);
}
