import type { Span } from '../../core/ports/metrics.ts';
import type { Change } from './change.ts';

/**
 * What Google's Site Reliability Engineering (2016, chapter 6) calls golden signals, without traffic: what a thing is asked for is the doing of those
 * who call it. More is worse of each: a share of successes has to be told as one of failures.
 */
export type SignalKind = 'latency' | 'errors' | 'saturation';

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

export interface SuspectChange extends Change {
  readonly series: SuspectSeries;
  /** When it left the band and stayed out; epoch milliseconds. */
  readonly since: number;
}

export interface Suspect {
  readonly node: string;
  /** In bits, see `rankSuspects`; comparable only within one inquiry. */
  readonly score: number;
  /** What speaks most for it. */
  readonly change: SuspectChange;
  /** Whether the symptom depends on it, by all that the graph knows. */
  readonly connected: boolean;
  /** Others that changed and depend on it, sorted. */
  readonly explains: readonly string[];
  /** What it depends on and is about as unusual, so that its own trouble may be a symptom; the furthest changed of these. */
  readonly explainedBy?: string;
  /** Why, in words with numbers. */
  readonly reason: string;
}
