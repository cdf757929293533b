import { quantile } from '../baseline.ts';
/** How a series went from its usual values to higher ones. */
export interface Change {
  /** The median of the normal window. */
  readonly usual: number;
  /** The higher of the two neighbours that lie furthest out. */
  readonly reached: number;
  /** How far the lower of those two lies above the median, in usual spreads; `band` at least. */
  readonly deviation: number;
  /** Index in the abnormal window of the first value outside the band whose next one is outside too. */
  readonly onset: number;
  /** It was nearer to the furthest than to the usual when it was first seen in the abnormal window: it may have been so for long. */
  readonly fromStart: boolean;
}

type Values = readonly (number | undefined)[];

export interface Windows {
  /** Values of a time without trouble, oldest first; undefined where there was no sample. */
  readonly normal: Values;
  /** Values of the time in question, oldest first; undefined where there was no sample. */
  readonly abnormal: Values;
  /** The smallest difference that means anything, in the unit of the values; more than zero. */
  readonly step: number;
}

/** Three standard deviations: the control limits of Shewhart (Economic Control of Quality of Manufactured Product, 1931). */
const band = 3;

/** The 95th percentile is one value in twenty; with fewer values nobody knows it, and nothing is judged. */
const fewest = 20;

/** Where a standard normal distribution has its upper quartile and its 95th percentile. */
const [quartileAt, tailAt] = [0.6745, 1.6449];

/** A series that hardly moves has a spread of a twentieth of its median: nobody acts on less. */
const least = 0.05;

/**
 * The rule of BARO (Pham, Ha and Zhang, FSE 2024): scaled by median and interquartile range of the normal window, the highest value of the abnormal one.
 * Made sturdier in three ways. A value counts only with its neighbour, gaps left out, since one sample is a blip. The spread covers the tail of the
 * normal window as well as its middle, so that a daily cycle or a series that often leaps is not news. And it has a floor, so that a constant series is
 * not infinitely far from itself. Undefined where nothing left the band, or where too little is known to say.
 */
export function changeOf({ normal, abnormal, step }: Windows): Change | undefined {
  const known = present(normal);
  if (known.length < fewest) return undefined;
  const values = known.map(({ value }) => value);
  const usual = quantile(values, 0.5);
  const middle = (quantile(values, 0.75) - quantile(values, 0.25)) / (2 * quartileAt);
  const lower = neighbours(known).map((pair) => pair.lower);
  const tail = (quantile(lower, 0.95) - usual) / tailAt;
  const spread = Math.max(middle, tail, step, least * Math.abs(usual));
  const seen = neighbours(present(abnormal));
  const outside = seen.filter((pair) => pair.lower - usual >= band * spread);
  const [earliest] = outside;
  if (earliest === undefined) return undefined;
  const furthest = outside.reduce((best, pair) => (pair.lower > best.lower ? pair : best));
  const [deviation, onset] = [(furthest.lower - usual) / spread, earliest.index];
  const fromStart = earliest === seen[0] && furthest.lower - earliest.lower <= earliest.lower - usual;
  return { usual, reached: furthest.higher, deviation, onset, fromStart };
}

interface Point {
  readonly value: number;
  readonly index: number;
}

interface Pair {
  readonly lower: number;
  readonly higher: number;
  /** Of the first of the two. */
  readonly index: number;
}

function present(values: Values): readonly Point[] {
  return values.flatMap((value, index) => (value !== undefined && Number.isFinite(value) ? [{ value, index }] : []));
}

function neighbours(points: readonly Point[]): readonly Pair[] {
  return points.slice(1).map(({ value: second }, at) => {
    const { value: first, index } = points[at] ?? { value: second, index: 0 };
    return { lower: Math.min(first, second), higher: Math.max(first, second), index };
  });
}
