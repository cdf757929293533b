import { inquiryOf, type Reading, suspectEvidence, type Windows, windowsOf } from '../analysis/suspects/inquiry.ts';
import { type Measure, type Measured, measuresOf } from '../analysis/suspects/measures.ts';
import { surroundingsOf } from '../analysis/suspects/surroundings.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { ClusterView } from '../core/view.ts';
import type { Patience } from './patience.ts';

interface SuspectContext {
  /** Absent where no Prometheus is configured. */
  readonly metrics: Pick<Metrics, 'range'> | undefined;
  readonly traffic: Measured['traffic'];
  readonly clock: Clock;
  /** How far the cluster's clock is ahead of ours, milliseconds. */
  readonly skewMs: () => number;
  readonly within: Patience;
}

/** Asks Prometheus what left its usual range around a finding, and ranks it. A measure that is late or fails is left out. Never fails. */
export function createSuspicion({ metrics, traffic, clock, skewMs, within }: SuspectContext) {
  async function read(measure: Measure, windows: Windows): Promise<Reading | undefined> {
    if (metrics === undefined) return undefined;
    const abnormal = await metrics.range(measure.query, windows.abnormal);
    if (abnormal.length === 0) return undefined;
    return { measure, abnormal, normal: await metrics.range(measure.query, windows.normal) };
  }

  return async ({ finding, lines, view }: Found): Promise<Omit<Evidence, 'id'> | undefined> => {
    if (metrics === undefined) return undefined;
    const surroundings = surroundingsOf({ finding, lines, view });
    // Samples are dated where they are scraped, in the cluster; a finding is dated by our clock.
    const skew = skewMs();
    const since = finding.since + skew;
    const windows = windowsOf(since, clock.now() + skew);
    const measures = measuresOf({ refs: surroundings.refs, view, traffic });
    const readings = await Promise.all(measures.map((measure) => within('suspects', () => read(measure, windows))));
    const known = readings.filter((reading) => reading !== undefined);
    return suspectEvidence(inquiryOf({ finding, surroundings, windows, since, readings: known }), finding);
  };
}

interface Found {
  readonly finding: Finding;
  /** Last lines of the exemplar's log, oldest first, redacted. */
  readonly lines: readonly string[];
  readonly view: ClusterView;
}
