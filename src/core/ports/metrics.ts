/** Values of one time series. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** One for each moment that was asked for, oldest first; undefined where there was no sample. */
  readonly values: readonly (number | undefined)[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Evenly spaced moments, epoch milliseconds; both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** How many moments; two at least. */
  readonly points: number;
}

/**
 * The history that Prometheus keeps. Queries are PromQL. Fails with `metrics-unreachable` (also at once, for a while after it did not
 * answer twice) or `metrics-rejected` (it does not understand the query).
 */
export interface Metrics {
  range(query: string, span: Span): Promise<readonly Series[]>;
  /** What the query gives now; no order. */
  query(query: string): Promise<readonly Sample[]>;
}
