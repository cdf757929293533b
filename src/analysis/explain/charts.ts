import type { Chart } from '../../core/chart.ts';
import type { Finding } from '../../core/finding.ts';
import type { Series } from '../../core/ports/metrics.ts';
import type { ClusterView } from '../../core/view.ts';
import type { Labels } from '../../core/views/object.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { livePods } from '../pod-finding.ts';
import { oneOf, splitThreshold, stringOf } from './promql.ts';

/** Something that Prometheus can draw better than words can say. */
export interface Question {
  readonly title: string;
  readonly unit: Chart['unit'];
  /** PromQL. */
  readonly query: string;
  /** How far back, milliseconds. */
  readonly backMs: number;
  readonly limit?: NonNullable<Chart['limit']>;
  /** The label that names a line. */
  readonly lineLabel?: string;
  /** Only lines that have none but these labels. */
  readonly only?: Labels;
}

const hourMs = 3_600_000;

/** Lines in one picture; Slack draws six, and one is the limit. */
const mostLines = 5;

/** Pods named in one query. */
const mostPods = 20;

/** Which pictures would help with this finding. None for most: a crash is told in words. */
export function questionsOf(finding: Finding, view: ClusterView): readonly Question[] {
  if (finding.kind === 'memory-near-limit' || finding.kind === 'oom-loop') return askForMemory(finding, view);
  if (finding.detector === 'volume-nearly-full') return askForVolume(finding, view);
  return finding.detector === 'alert' ? askForAlerts(finding, view) : [];
}

function askForMemory(finding: Finding, view: ClusterView): readonly Question[] {
  const tightest = tightestOf(finding, view);
  if (tightest === undefined) return [];
  const { container, pods } = tightest;
  const names = stringOf(oneOf(pods.slice(0, mostPods).map(({ name }) => name)));
  const { namespace } = finding.subject;
  const selector = `namespace="${namespace}",pod=~${names},container="${container.name}"`;
  return [
    {
      title: `Memory of container ${container.name}`,
      unit: 'bytes',
      query: `max by (pod) (container_memory_working_set_bytes{${selector}})`,
      backMs: hourMs,
      lineLabel: 'pod',
      ...limitOf(container.memoryLimit),
    },
  ];
}

interface Tightest {
  readonly container: ContainerView;
  readonly pods: readonly PodView[];
}

/** The container that the finding is about: the named one, else the first with a limit. */
function tightestOf({ subject, exemplar }: Finding, view: ClusterView): Tightest | undefined {
  const pods = livePods({ subject, view });
  const container = pods
    .flatMap(({ containers }) => containers)
    .find((one) => (exemplar === undefined ? one.memoryLimit !== undefined : one.name === exemplar.container));
  return container === undefined ? undefined : { container, pods };
}

function limitOf(value: number | undefined): { readonly limit?: NonNullable<Chart['limit']> } {
  return value === undefined ? {} : { limit: { name: 'limit', value } };
}

function askForVolume({ kind, subject: { namespace, name } }: Finding, view: ClusterView): readonly Question[] {
  const selector = `{namespace="${namespace}",persistentvolumeclaim="${name}"}`;
  const usage = view.find('volumeUsage', namespace, name);
  const inodes = kind === 'volume-inodes';
  const metric = inodes ? 'kubelet_volume_stats_inodes_used' : 'kubelet_volume_stats_used_bytes';
  return [
    {
      title: inodes ? 'Inodes used' : 'Bytes used',
      unit: inodes ? 'count' : 'bytes',
      query: `max(${metric}${selector})`,
      backMs: 24 * hourMs,
      ...(usage === undefined ? {} : { limit: limitOfRoom(inodes ? usage.inodes : usage.bytes) }),
    },
  ];
}

function limitOfRoom(room: { readonly capacity: number } | undefined): NonNullable<Chart['limit']> {
  return { name: 'capacity', value: room?.capacity ?? 0 };
}

/** What the rules of the alerts watch, beside their thresholds. */
function askForAlerts({ subject, alerts = [] }: Finding, view: ClusterView): readonly Question[] {
  return view
    .alertsOf(subject)
    .filter(({ uid }) => alerts.includes(uid))
    .flatMap(({ name, rule }) => {
      const threshold = rule === undefined ? undefined : splitThreshold(rule.expression);
      if (rule === undefined || threshold === undefined) return [];
      const { query, operator, value } = threshold;
      const limit = { name: `threshold (${operator})`, value };
      return [{ title: name, unit: 'count' as const, query, backMs: hourMs, limit, only: rule.labels }];
    })
    .slice(0, 1);
}

export interface Drawn {
  /** Absent where there is nothing to draw. */
  readonly chart?: Chart;
  /** Of the best known line: how much of it was measured, 0 to 1. */
  readonly share: number;
}

/** `times` are the moments of the values, epoch milliseconds. The picture begins with the first that is known. */
export function drawSeries(question: Question, times: readonly number[], series: readonly Series[]): Drawn {
  const { title, unit, limit, lineLabel, only } = question;
  const measured = series
    .filter(({ labels }) => only === undefined || isWithin(labels, only))
    .map(({ labels, values }, index) => {
      const named = lineLabel === undefined ? undefined : labels[lineLabel];
      const known = values.filter((value) => value !== undefined).length;
      return { name: named ?? (index === 0 ? title : `${title} ${index + 1}`), values, known };
    });
  const share = Math.max(0, ...measured.map(({ known }) => known)) / Math.max(1, times.length);
  const told = measured
    .filter(({ known }) => known >= 2)
    .toSorted((a, b) => (b.values.at(-1) ?? 0) - (a.values.at(-1) ?? 0))
    .slice(0, mostLines);
  if (told.length === 0) return { share };
  const from = Math.min(...told.map(({ values }) => values.findIndex((value) => value !== undefined)));
  const lines = told.map(({ name, values }) => ({ name, values: fillGaps(values.slice(from)) }));
  return { share, chart: { title, unit, times: times.slice(from), lines, ...(limit === undefined ? {} : { limit }) } };
}

function isWithin(labels: Labels, allowed: Labels): boolean {
  return Object.entries(labels).every(([name, value]) => name === '__name__' || allowed[name] === value);
}

/** A gap takes the value before it, and one at the beginning the first that is known: Slack draws no gaps. */
function fillGaps(values: Series['values']): number[] {
  let last = values.find((value) => value !== undefined) ?? 0;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** What Lifeguard itself has seen of it; drawn where Prometheus is not asked or does not know. */
export function drawKnown(finding: Finding, view: ClusterView): readonly Chart[] {
  const { kind, subject } = finding;
  if (kind === 'memory-near-limit' || kind === 'oom-loop') return drawMemory(finding, view);
  if (kind === 'autoscaler-flapping') return drawScaling(finding, view);
  if (kind !== 'event-rate' && kind !== 'restart-rate') return [];
  const rate = view.find('rate', subject.namespace, `${subject.kind}/${subject.name}`);
  if (rate === undefined) return [];
  const [what, counts] = kind === 'event-rate' ? ['Warnings', rate.warnings] : ['Restarts', rate.restarts];
  const values = counts.slice(0, mostKnown).toReversed();
  const times = values.map((_, index) => rate.createdAt - (values.length - 1 - index) * rate.bucketMs);
  const title = `${what} in ${Math.round(rate.bucketMs / 60_000)} minutes`;
  return values.length < 2 ? [] : [{ title, unit: 'count', times, lines: [{ name: what.toLowerCase(), values }] }];
}

/** Moments drawn of what Lifeguard has seen; Slack takes as many. */
const mostKnown = 20;

/** The fullest pod's samples. */
function drawMemory(finding: Finding, view: ClusterView): readonly Chart[] {
  const tightest = tightestOf(finding, view);
  if (tightest === undefined) return [];
  const { container, pods } = tightest;
  const measured = pods.flatMap(({ namespace, name }) => {
    const usage = view.find('usage', namespace, name);
    const memory = usage?.containers.find((one) => one.name === container.name)?.memory ?? [];
    return usage === undefined || memory.length < 2 ? [] : [{ name, memory, everyMs: usage.everyMs }];
  });
  const [fullest] = measured.toSorted((a, b) => (b.memory[0] ?? 0) - (a.memory[0] ?? 0));
  if (fullest === undefined) return [];
  const { name, memory, everyMs } = fullest;
  const values = memory.slice(0, mostKnown).toReversed();
  const times = values.map((_, index) => finding.since + index * everyMs);
  const title = `Memory of container ${container.name}`;
  return [{ title, unit: 'bytes', times, lines: [{ name, values }], ...limitOf(container.memoryLimit) }];
}

function drawScaling({ subject }: Finding, view: ClusterView): readonly Chart[] {
  const sizes = view.find('scaling', subject.namespace, subject.name)?.sizes.slice(0, mostKnown).toReversed() ?? [];
  if (sizes.length < 2) return [];
  const values = sizes.map(({ replicas }) => replicas);
  const times = sizes.map(({ at }) => at);
  return [{ title: 'Replicas', unit: 'count', times, lines: [{ name: 'replicas', values }] }];
}
