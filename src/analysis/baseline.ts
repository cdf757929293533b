/** How far a count is from what is usual. */
export interface Deviation {
  readonly median: number;
  readonly highest: number;
  /** Robust distance from the median; see `deviationOf`. */
  readonly score: number;
}

/** Makes the median absolute deviation comparable with a standard deviation of normally distributed values. */
const consistency = 0.6745;

/**
 * The modified z-score of a count against a history of counts, `0.6745 (x - median) / MAD` (Iglewicz and Hoaglin, How to Detect and Handle Outliers,
 * 1993). The spread is never taken for less than that of a Poisson process with one more than the median: a history of zeros has none of its own, and
 * then a single event would be infinitely far away. `history` must not be empty.
 */
export function deviationOf(count: number, history: readonly number[]): Deviation {
  const middle = medianOf(history);
  const mad = medianOf(history.map((one) => Math.abs(one - middle)));
  const spread = Math.max(mad, consistency * Math.sqrt(middle + 1));
  return { median: middle, highest: Math.max(...history), score: (consistency * (count - middle)) / spread };
}

export function medianOf(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** With linear interpolation between neighbours; zero of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [lower = 0, upper = lower] = [sorted[below], sorted[below + 1]];
  return lower + (upper - lower) * (position - below);
}
