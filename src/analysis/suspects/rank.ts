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

/** Errors may come of slowness, and slowness of retries, but mostly like comes of like: another kind counts a quarter. A judgement, not a measurement. */
const otherKind = 2;

/**
 * Who probably began it, most suspect first; those whose trouble cannot reach the symptom by the graph come last. Nothing is learned from past incidents.
 *
 * - How far: `log2` of the deviation (see `changeOf`), up to `most`.
 * - In order: what was so already when the span began, or came more than a moment after the symptom, did not bring it about, and is left out.
 * - Not explained by others: less what the furthest changed of its dependencies has (the smooth traversal of Orchard et al., Root Cause Analysis of
 *   Outliers with Missing Structural Knowledge, arXiv 2406.05014: weak anomalies hardly cause strong ones). Saturation needs no other to explain it.
 * - Explaining others: a bit for each doubling of the changed nodes that it would account for.
 * - Of equals, the earlier.
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
    const furthest = others.toSorted(compareChanges)[0];
    const explained = furthest === undefined ? 0 : bitsOf(furthest);
    const weighed = own.map((change) => ({ change, bits: weigh(change, explained, symptom.kind) }));
    const best = weighed.reduce((first, next) => (compareWeighed(next, first) < 0 ? next : first));
    const explains = [...dependents].filter((other) => other !== node && changes.has(other)).toSorted();
    const connected = dependents.has(symptom.node);
    const score = best.bits + Math.log2(explains.length + 1);
    const symptomOf =
      furthest !== undefined && isExplained(best.change, explained) ? { explainedBy: furthest.series.node } : {};
    return { node, score, change: best.change, connected, explains, ...symptomOf };
  });
  return suspects.toSorted(compareSuspects).map((suspect) => ({ ...suspect, reason: tellSuspect(suspect, symptom) }));
}

function compareSuspects(a: Omit<Suspect, 'reason'>, b: Omit<Suspect, 'reason'>): number {
  const [first, second] = [Number(a.connected), Number(b.connected)];
  return second - first || b.score - a.score || a.change.since - b.change.since || compareChanges(a.change, b.change);
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

function isExplained(change: SuspectChange, explained: number): boolean {
  return change.series.kind !== 'saturation' && explained >= bitsOf(change);
}

function compareChanges(a: SuspectChange, b: SuspectChange): number {
  const names = compareNames(a.series.node, b.series.node) || compareNames(a.series.name, b.series.name);
  return b.deviation - a.deviation || names;
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
