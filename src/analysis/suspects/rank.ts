import type { Span } from '../../core/ports/metrics.ts';
import { type Change, changeOf } from './change.ts';
import type { Dependency, Inquiry, SignalKind, Suspect, SuspectChange, SuspectSeries } from './suspect.ts';
import { tellSuspect } from './words.ts';

/** The smallest difference that means anything. For failures a tenth of a percent: what an objective of three nines allows. */
const steps: Readonly<Record<SuspectSeries['unit'], number>> = {
  seconds: 0.001,
  percent: 0.1,
  bytes: 2 ** 20,
  cores: 0.01,
  count: 1,
};

/**
 * No deviation counts for more: what a series that never moves has when it doubles. A normal window cannot tell how rare a thing is that it never saw,
 * and beyond this a deviation tells how quiet the series was, not how guilty its node is.
 */
const most = 20;

/** Errors may come of slowness, and slowness of retries, but mostly like comes of like: another kind counts a quarter, as a cause and as an explanation. A judgement, not a measurement. */
const otherKind = 2;

/**
 * Who probably began it, most suspect first; those whose trouble cannot reach the symptom by the graph come last. Nothing is learned from past incidents.
 *
 * - How far: `log2` of the deviation (see `changeOf`), up to `most`.
 * - In order: what was so already when the span began, or came more than a moment after the symptom, did not bring it about, and is left out.
 * - Not explained by others: less what the best explanation among its dependencies has (the smooth traversal of Orchard et al., Root Cause Analysis of
 *   Outliers with Missing Structural Knowledge, arXiv 2406.05014: weak anomalies hardly cause strong ones). Saturation needs no other to explain it.
 * - Explaining others: a bit for each doubling of the changed nodes that it would account for.
 * - Seconds add up along a chain of calls: what got slower by a tenth of what its caller did accounts for a tenth of it.
 * - Of equals, the one that was seen to begin, then the earlier.
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
    const others = below.flatMap((other) => changes.get(other) ?? []).toSorted(compareChanges);
    const weighed = own.map((change) => weigh(change, others, symptom.kind));
    const { change, bits, explainedBy } = weighed.reduce((best, next) =>
      compareWeighed(next, best) < 0 ? next : best,
    );
    const explains = [...dependents].filter((other) => other !== node && changes.has(other)).toSorted();
    const accounted = explains.map((other) => shareOfSlowest(change, own, changes.get(other) ?? []));
    const score = bits + Math.log2(accounted.reduce((sum, share) => sum + share, 1));
    const connected = dependents.has(symptom.node);
    return { node, score, change, connected, explains, ...(explainedBy === undefined ? {} : { explainedBy }) };
  });
  return suspects.toSorted(compareSuspects).map((suspect) => ({ ...suspect, reason: tellSuspect(suspect, symptom) }));
}

function compareSuspects(a: Omit<Suspect, 'reason'>, b: Omit<Suspect, 'reason'>): number {
  const [first, second] = [Number(a.connected), Number(b.connected)];
  return second - first || b.score - a.score || compareOnsets(a.change, b.change) || compareChanges(a.change, b.change);
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
  /** What it depends on and is about as unusual. */
  readonly explainedBy?: string;
}

function weigh(change: SuspectChange, others: readonly SuspectChange[], symptom: SignalKind | undefined): Weighed {
  const { kind } = change.series;
  if (kind === 'saturation') return { change, bits: bitsOf(change) };
  const likeness = symptom === undefined || symptom === kind ? 0 : otherKind;
  const explained = Math.max(0, ...others.map((other) => explainedBits(change, other)));
  const bits = bitsOf(change) - explained - likeness;
  const by = explained < bitsOf(change) ? undefined : others.find((one) => explainedBits(change, one) === explained);
  return by === undefined ? { change, bits } : { change, bits, explainedBy: by.series.node };
}

/** How much of a change another one explains, on which it depends. */
function explainedBits(change: SuspectChange, other: SuspectChange): number {
  const { kind } = other.series;
  const likeness = kind === 'saturation' || kind === change.series.kind ? 0 : otherKind;
  return bitsOf(other) + Math.log2(shareOf(slowedBy(other), slowedBy(change))) - likeness;
}

/** How much of what a dependent lost to slowness a node accounts for, by the slowest of both. */
function shareOfSlowest(
  change: SuspectChange,
  own: readonly SuspectChange[],
  dependent: readonly SuspectChange[],
): number {
  if (slowedBy(change) === undefined) return 1;
  return shareOf(slowest(own), slowest(dependent));
}

function slowest(changes: readonly SuspectChange[]): number | undefined {
  const seconds = changes.flatMap((change) => slowedBy(change) ?? []);
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

/** Undefined where time is not what was measured. */
function slowedBy({ series, usual, reached }: SuspectChange): number | undefined {
  return series.unit === 'seconds' ? reached - usual : undefined;
}

/** All of it where one of them is not known in seconds. */
function shareOf(part: number | undefined, whole: number | undefined): number {
  return part === undefined || whole === undefined ? 1 : Math.min(1, part / whole);
}

function compareChanges(a: SuspectChange, b: SuspectChange): number {
  const names = compareNames(a.series.node, b.series.node) || compareNames(a.series.name, b.series.name);
  return b.deviation - a.deviation || names;
}

function compareOnsets(a: SuspectChange, b: SuspectChange): number {
  return Number(a.fromStart) - Number(b.fromStart) || a.since - b.since;
}

function compareWeighed(a: Weighed, b: Weighed): number {
  return b.bits - a.bits || compareChanges(a.change, b.change);
}

function bitsOf({ deviation }: Change): number {
  return Math.log2(Math.min(deviation, most));
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
