import type { Span } from '../../core/ports/metrics.ts';
import { type Change, changeOf } from './change.ts';
import { tellSuspect } from './words.ts';

/**
 * What Google's Site Reliability Engineering (2016, chapter 6) calls golden signals, without traffic: what a thing is asked for is the doing of those
 * who call it. More is worse of each: a share of successes has to be told as one of failures.
 */
type SignalKind = 'latency' | 'errors' | 'saturation';

export interface SuspectSeries {
  /** What it was measured on, as in the graph: any name that means something to people. */
  readonly node: string;
  /** What was measured: `p99 latency`. */
  readonly name: string;
  readonly kind: SignalKind;
  readonly unit: 'seconds' | 'percent' | 'bytes' | 'cores' | 'count';
  /** Of a time without trouble, oldest first and evenly spaced. An hour or a day; with fewer than 20 values the series is not judged. */
  readonly normal: readonly (number | undefined)[];
  /** One for each moment of the span. */
  readonly abnormal: readonly (number | undefined)[];
}

/** `of` calls, runs on or consists of `on`, so that trouble of `on` becomes trouble of `of`. */
export interface Dependency {
  readonly of: string;
  readonly on: string;
}

export interface Inquiry {
  readonly series: readonly SuspectSeries[];
  readonly dependencies: readonly Dependency[];
  /** Where people noticed, what (if it is known), and since when; epoch milliseconds. */
  readonly symptom: { readonly node: string; readonly kind?: SignalKind; readonly since: number };
  /** The time in question. It should begin some moments before the symptom, or nothing can be told from what was so long before. */
  readonly span: Span;
}

interface SuspectChange extends Change {
  readonly series: SuspectSeries;
  /** When it left the band and stayed out; epoch milliseconds. */
  readonly since: number;
}

export interface Suspect {
  readonly node: string;
  /** In bits, see `rankSuspects`; comparable only within one inquiry. Below zero: something that it depends on changed more. */
  readonly score: number;
  /** What speaks most for it. */
  readonly change: SuspectChange;
  /** Whether the symptom depends on it, by all that the graph knows. */
  readonly connected: boolean;
  /** Others that changed and depend on it, sorted. */
  readonly explains: readonly string[];
  /** Why, in words with numbers. */
  readonly reason: string;
}

/** The smallest difference that means anything. For failures a tenth of a percent: what an objective of three nines allows. */
const steps: Readonly<Record<SuspectSeries['unit'], number>> = {
  seconds: 0.001,
  percent: 0.1,
  bytes: 2 ** 20,
  cores: 0.01,
  count: 1,
};

/** Errors may come of slowness, and slowness of retries, but mostly like comes of like: another kind counts a quarter. A judgement, not a measurement. */
const otherKind = 2;

/**
 * Who probably began it, most suspect first; those whose trouble cannot reach the symptom by the graph come last. Nothing is learned from past incidents.
 *
 * - How far: `log2` of the deviation (see `changeOf`).
 * - In order: what was so already when the span began, or came more than a moment after the symptom, did not bring it about, and is left out.
 * - Not explained by others: less what the furthest changed of its dependencies has (the smooth traversal of Orchard et al., Root Cause Analysis of
 *   Outliers with Missing Structural Knowledge, arXiv 2406.05014: weak anomalies hardly cause strong ones). Saturation needs no other to explain it.
 * - Explaining others: a bit for each doubling of the changed nodes that it would account for.
 *
 * The order of what is given does not matter.
 */
export function rankSuspects({ series, dependencies, symptom, span }: Inquiry): readonly Suspect[] {
  const changes = Map.groupBy(
    series.flatMap((one) => timelyChange(one, span, symptom.since)),
    (change) => change.series.node,
  );
  const on = groupNames(
    dependencies,
    ({ of }) => of,
    (edge) => edge.on,
  );
  const by = groupNames(
    dependencies,
    (edge) => edge.on,
    ({ of }) => of,
  );
  const suspects = [...changes].map(([node, own]) => {
    const dependents = reachable(by, node);
    const below = [...reachable(on, node)].filter((other) => !dependents.has(other));
    const others = below.flatMap((other) => changes.get(other) ?? []);
    const explained = Math.max(0, ...others.map(bitsOf));
    const weighed = own.map((change) => ({ change, bits: weigh(change, explained, symptom.kind) }));
    const best = weighed.reduce((first, next) => (compareWeighed(next, first) < 0 ? next : first));
    const explains = [...dependents].filter((other) => other !== node && changes.has(other)).toSorted();
    const connected = dependents.has(symptom.node);
    const score = best.bits + Math.log2(explains.length + 1);
    return { node, score, change: best.change, connected, explains };
  });
  return suspects
    .toSorted((a, b) => Number(b.connected) - Number(a.connected) || b.score - a.score || compareNames(a.node, b.node))
    .map((suspect) => ({ ...suspect, reason: tellSuspect(suspect, symptom) }));
}

function timelyChange(series: SuspectSeries, span: Span, noticed: number): readonly SuspectChange[] {
  const change = changeOf({ ...series, step: steps[series.unit] });
  if (change === undefined) return [];
  const moment = (span.to - span.from) / (span.points - 1);
  const since = span.from + change.onset * moment;
  const wasSo = change.fromStart && since + moment <= noticed;
  return wasSo || since > noticed + moment ? [] : [{ ...change, series, since }];
}

interface Weighed {
  readonly change: SuspectChange;
  readonly bits: number;
}

function weigh(change: SuspectChange, explained: number, symptom: SignalKind | undefined): number {
  const { kind } = change.series;
  if (kind === 'saturation') return bitsOf(change);
  return bitsOf(change) - explained - (symptom === undefined || symptom === kind ? 0 : otherKind);
}

function compareWeighed(a: Weighed, b: Weighed): number {
  return b.bits - a.bits || compareNames(a.change.series.name, b.change.series.name);
}

function bitsOf({ deviation }: Change): number {
  return Math.log2(deviation);
}

type Edges = ReadonlyMap<string, readonly string[]>;

function groupNames(
  edges: readonly Dependency[],
  from: (edge: Dependency) => string,
  to: (edge: Dependency) => string,
): Edges {
  return new Map([...Map.groupBy(edges, from)].map(([name, group]) => [name, group.map(to)]));
}

/** With the start itself. */
function reachable(edges: Edges, start: string): ReadonlySet<string> {
  const found = new Set([start]);
  for (const name of found) for (const next of edges.get(name) ?? []) found.add(next);
  return found;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
