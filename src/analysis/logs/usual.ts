import type { Release } from '../../core/finding.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { type Deviation, deviationOf, medianOf } from '../baseline.ts';

/** Lines in buckets of equal length, the newest first; the first bucket is under way. */
type Counts = readonly number[];

export interface Surge extends Deviation {
  /** Lines of the newest whole bucket. */
  readonly count: number;
  /** Whole buckets up to now that are far above everything before. */
  readonly buckets: number;
}

/** Whole buckets without which nothing is usual. */
const leastHistory = 10;

/** So many times the most that was ever usual is far above it. */
const farAbove = 3;

/**
 * How far the newest whole bucket is above what is usual: the older half of what is known, so that what has just begun is not measured by itself.
 * Undefined where too little is known, and where it has been as high before.
 */
export function findSurge(counts: Counts): Surge | undefined {
  const history = counts.slice(Math.max(1, counts.length >> 1));
  if (history.length < leastHistory) return undefined;
  const count = counts[1] ?? 0;
  const usual = deviationOf(count, history);
  const end = counts.findIndex((one, back) => back > 0 && one <= usual.highest * farAbove);
  const before = end === -1 ? history : counts.slice(end);
  const highest = Math.max(...before);
  return count <= highest * farAbove
    ? undefined
    : { ...usual, highest, count, buckets: end === -1 ? counts.length - 1 : end - 1 };
}

/** Whole buckets that tell how much it is by now. */
const lately = 5;

/** Parts of the time that must each be above the one before it in a climb: by chance 1 in 720. */
const steps = 6;

/** Whether something was more from one part of the time to the next, all along. Newest first. */
export function isClimb(values: readonly number[]): boolean {
  const size = Math.floor(values.length / steps);
  if (size < 2) return false;
  const parts = Array.from({ length: steps }, (_, part) => medianOf(values.slice(part * size, (part + 1) * size)));
  return isGrowing(parts);
}

/** Whether each value is above the one before it. Newest first. */
export function isGrowing(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value < (values[index - 1] ?? Infinity));
}

/**
 * The surge of something that has become more ever since it was listened to, so that it never left its own older half: against its beginning. `lines`: of the
 * whole log in the same buckets, for what merely grows with the traffic is none.
 */
export function findClimb(counts: Counts, lines: Counts): Surge | undefined {
  const whole = counts.slice(1);
  const first = Math.max(leastHistory, whole.length >> 3);
  if (whole.length < 2 * first || !isClimb(whole)) return undefined;
  const count = medianOf(whole.slice(0, lately));
  const usual = deviationOf(count, whole.slice(-first));
  const traffic =
    medianOf(lines.slice(1, 1 + lately)) / Math.max(1, medianOf(lines.slice(0, counts.length).slice(-first)));
  const buckets = whole.findIndex((one) => one <= usual.highest);
  return count > usual.highest * farAbove * Math.max(1, traffic) ? { ...usual, count, buckets } : undefined;
}

/** Newest buckets in a row in which nothing, or next to nothing, was said, and how steady it was before. */
export interface Silence {
  readonly buckets: number;
  /** Buckets before it. */
  readonly known: number;
  /** Share of those in which something was said, 0 to 1. */
  readonly presence: number;
  /** The longest silence among those, buckets. */
  readonly longestGap: number;
  /** Lines of a bucket before it. */
  readonly median: number;
  readonly least: number;
}

/** `quiet`: lines of a bucket that are as good as none. */
export function findSilence(counts: Counts, quiet = 0): Silence {
  const end = counts.findIndex((one) => one > quiet);
  const buckets = end === -1 ? counts.length : end;
  const before = counts.slice(buckets);
  // The oldest bucket may have begun before anybody listened.
  const whole = before.slice(0, -1);
  if (whole.length === 0) return { buckets, known: 0, presence: 0, longestGap: 0, median: 0, least: 0 };
  let longestGap = 0;
  let gap = 0;
  for (const one of whole) {
    gap = one > quiet ? 0 : gap + 1;
    longestGap = Math.max(longestGap, gap);
  }
  // It fell silent in the midst of the newest.
  const least = Math.min(...(whole.length > 1 ? whole.slice(1) : whole));
  const { median } = deviationOf(0, whole);
  const presence = whole.filter((one) => one > quiet).length / whole.length;
  return { buckets, known: whole.length, presence, longestGap, median, least };
}

/** Epoch milliseconds at which the bucket so many before the one under way began. */
export function bucketStart({ bucketAt, bucketMs }: LogsView, back: number): number {
  return bucketAt - back * bucketMs;
}

/** What a log says changes at once with a release, so only one right before, that changed something, is named with it. For `findingOfPods`. */
export const releasedJustBefore = {
  releaseWindowMs: 10 * 60_000,
  blames: ({ changes }: Release): boolean => changes.length > 0,
} as const;
