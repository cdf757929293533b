import type { Evidence } from '../../core/evidence.ts';
import type { Finding } from '../../core/finding.ts';
import type { Series, Span } from '../../core/ports/metrics.ts';
import { redact } from '../../core/redact.ts';
import { refKey, refName } from '../../core/resource-ref.ts';
import type { Measure } from './measures.ts';
import { rankSuspects } from './rank.ts';
import type { Surroundings } from './surroundings.ts';
import type { Inquiry, SuspectSeries } from './suspect.ts';

/** The time without trouble, and the time in question. */
export interface Windows {
  readonly normal: Span;
  readonly abnormal: Span;
}

/** Long enough to know what is usual, and whether it left that before the symptom, milliseconds. */
const [normalMs, beforeMs] = [60 * 60_000, 5 * 60_000];

/** Moments of a window; and how close they are when a trouble has just begun, milliseconds: what is scraped is seldom newer. */
const [most, closest] = [60, 30_000];

/** Suspects that are told. */
const told = 3;

/** `since`: when the symptom was first seen, by the clock that dates the samples; `now` by the same. Epoch milliseconds. */
export function windowsOf(since: number, now: number): Windows {
  const from = Math.min(since, now) - beforeMs;
  // What came long after the symptom did not bring it about.
  const points = Math.min(most, Math.floor((now - from) / closest) + 1);
  const endOfNormal = from - closest;
  return {
    normal: { from: endOfNormal - normalMs, to: endOfNormal, points: most },
    abnormal: { from, to: from + (points - 1) * closest, points },
  };
}

/** What a measure gave in both windows. */
export interface Reading {
  readonly measure: Measure;
  readonly normal: readonly Series[];
  readonly abnormal: readonly Series[];
}

interface Known {
  readonly finding: Finding;
  readonly surroundings: Surroundings;
  readonly windows: Windows;
  /** When the symptom was first seen, by the clock of the windows. */
  readonly since: number;
  readonly readings: readonly Reading[];
}

export function inquiryOf({ finding, surroundings, windows, since, readings }: Known): Inquiry {
  return {
    series: readings.flatMap((reading) => seriesOf(reading, windows)),
    dependencies: surroundings.dependencies,
    symptom: { node: refKey(finding.subject), since },
    span: windows.abnormal,
  };
}

function seriesOf({ measure, normal, abnormal }: Reading, windows: Windows): readonly SuspectSeries[] {
  const { kind, unit, nodeOf, nameOf } = measure;
  const usual = Map.groupBy(normal, ({ labels }) => nodeOf(labels));
  const lately = Map.groupBy(abnormal, ({ labels }) => nodeOf(labels));
  return [...lately].flatMap(([node, series]) => {
    if (node === undefined) return [];
    const before = highest(usual.get(node) ?? [], windows.normal);
    return [{ node, name: nameOf(node), kind, unit, normal: before, abnormal: highest(series, windows.abnormal) }];
  });
}

/** Of several series of the same thing, at each moment. */
function highest(series: readonly Series[], { points }: Span): readonly (number | undefined)[] {
  return Array.from({ length: points }, (_, at) => {
    const known = series.map(({ values }) => values[at]).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  });
}

/**
 * Who may have brought it about, most suspect first, a line each with numbers. Only what the subject is known to depend on is accused. Undefined where
 * nothing stands out; where only the subject does, it says that the rest does not.
 */
export function suspectEvidence(inquiry: Inquiry, { subject }: Finding): Omit<Evidence, 'id'> | undefined {
  const { series, symptom } = inquiry;
  const suspects = rankSuspects(inquiry)
    .filter(({ connected }) => connected)
    .slice(0, told);
  if (suspects.length === 0) return undefined;
  const lines = suspects.map(({ reason }, index) => (suspects.length === 1 ? reason : `${index + 1}. ${reason}`));
  const alone = suspects.every(({ node }) => node === symptom.node) && series.some(({ node }) => node !== symptom.node);
  const rest = alone ? ['Nothing else that was measured around it left its usual range before it.'] : [];
  return {
    kind: 'suspect',
    source: `Prometheus: what left its usual range when ${refName(subject)} got into trouble, the most suspect first`,
    text: redact([...lines, ...rest].join('\n')),
  };
}
