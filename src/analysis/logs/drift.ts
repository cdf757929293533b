import type { LogNumber } from '../../core/log-pattern.ts';
import { medianOf } from '../baseline.ts';
import { isClimb, isGrowing } from './usual.ts';

export interface DriftOptions {
  /** So many times the most that was usual (or the least, for what falls). */
  readonly factor: number;
  /** Points by which a percentage must have moved. */
  readonly points: number;
  /** Buckets in a row that must be beyond it. */
  readonly recent: number;
  /** Buckets before that must be known. */
  readonly usual: number;
}

export interface Drift {
  /** The median of the newest buckets. */
  readonly value: number;
  /** The median, and the highest or lowest, of what was usual. */
  readonly median: number;
  readonly extreme: number;
  /** Newest buckets in a row that are beyond it. */
  readonly buckets: number;
  /** How many times more or less; comparable between numbers. */
  readonly change: number;
}

/** Numbers whose rise is trouble, and those whose fall is, by the names that programs give them. */
const bad = /error|fail|miss|timeout|reject|drop|retr/i;
const rises =
  /latenc|duration|took|elapsed|time|wait|lag|delay|queue|pending|backlog|pool|active|in[ _]?use|connections|usage|used|heap|memory|goroutines|threads|depth|buffer/i;
const falls = /throughput|rate|ratio|hits?\b|rps|qps|processed|available|free|remaining|success/i;
/** Milliseconds of a unit of time. */
const timeUnits: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['sec', 1000],
  ['seconds', 1000],
  ['us', 0.001],
  ['µs', 0.001],
  ['ns', 0.000_001],
]);

/** Times that grow by themselves: they tell how long something has been there. */
const ages = /uptime|\bup\b|\bage\b|total|since|alive|lifetime|cumulative|running/i;

/**
 * Where a number has left what was usual for it and stays away. Usual is the older half of what is known, or, of a time that climbs all along, its
 * beginning; a number that only ever grows is a counter and has no usual. `medians` newest first; the bucket under way and the
 * oldest are not looked at: programs are slow while they start.
 */
export function findDrift({ name, unit, medians }: LogNumber, options: DriftOptions): Drift | undefined {
  const known = medians.slice(1, -1).flatMap((value, index) => (value === null ? [] : [{ value, back: index + 1 }]));
  const usual = usualOf({ name, unit, values: known.map(({ value }) => value) }, options);
  if (usual.length < options.usual || isCounter(usual, unit)) return undefined;
  const median = medianOf(usual);
  const [least, highest] = [Math.min(...usual), Math.max(...usual)];
  const directions = directionsOf(name, unit);
  const beyond = (value: number): boolean =>
    (directions.up && isAbove(value, highest, { unit, options })) ||
    (directions.down && isBelow(value, least, { unit, options }));
  const end = known.findIndex(({ value }) => !beyond(value));
  const run = known.slice(0, end === -1 ? known.length : end);
  if (run.length < options.recent) return undefined;
  const value = medianOf(run.slice(0, options.recent).map((one) => one.value));
  const change = Math.max(ratio(value, median), ratio(median, value));
  return { value, median, extreme: value > median ? highest : least, buckets: run.at(-1)?.back ?? run.length, change };
}

/** The older half; of a climb its first part. */
function usualOf(
  { name, unit, values }: { readonly name: string; readonly unit: string; readonly values: readonly number[] },
  { recent, usual }: DriftOptions,
): readonly number[] {
  const climbs = timeUnits.has(unit) && !ages.test(name) && isClimb(values) && !isGrowing(values);
  return climbs
    ? values.slice(-Math.max(usual, values.length >> 3))
    : values.slice(Math.max(recent, values.length >> 1));
}

function directionsOf(name: string, unit: string): { readonly up: boolean; readonly down: boolean } {
  if (bad.test(name) || timeUnits.has(unit)) return { up: true, down: false };
  const down = falls.test(name);
  return { up: !down && (unit.startsWith('%') || rises.test(name)), down };
}

interface Scale {
  readonly unit: string;
  readonly options: DriftOptions;
}

function isAbove(value: number, highest: number, { unit, options: { points, factor } }: Scale): boolean {
  if (unit.startsWith('%')) return value >= highest + points || (value >= full && highest <= full - points / 2);
  const leap = (value - highest) * (timeUnits.get(unit) ?? 1);
  return value > highest * factor && leap >= (timeUnits.has(unit) ? leastMs : 1);
}

/** A share of which nothing is left, percent. */
const full = 99;

/** Nobody notices that something takes so much longer, milliseconds. */
const leastMs = 10;

function isBelow(value: number, lowest: number, { unit, options: { points, factor } }: Scale): boolean {
  return unit.startsWith('%') ? value <= lowest - points : value * factor < lowest;
}

/** Grows from bucket to bucket, all the time; `usual` is newest first. */
function isCounter(usual: readonly number[], unit: string): boolean {
  if (timeUnits.has(unit) || unit.startsWith('%')) return false;
  return isGrowing(usual);
}

function ratio(a: number, b: number): number {
  return Math.abs(a) / Math.max(Math.abs(b), 1e-9);
}
