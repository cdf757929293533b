import type { Chart } from '../../core/chart.ts';
import type { Evidence, WholeLog } from '../../core/evidence.ts';
import type { Finding } from '../../core/finding.ts';
import { refKey, refName } from '../../core/resource-ref.ts';
import type { EventView } from '../../core/views/event.ts';
import type { LogsView } from '../../core/views/logs.ts';
import type { Change } from './changes.ts';
import { describeChart } from './chart-words.ts';
import { patternEvidence } from './log-evidence.ts';
import { formatClock } from './time.ts';

interface Facts {
  readonly finding: Finding;
  /** Last lines of the exemplar's log, oldest first, redacted. */
  readonly log: readonly string[];
  /** Of that log, where it has more lines; absent where it has none, or could not be kept. */
  readonly whole?: WholeLog | undefined;
  readonly events: readonly EventView[];
  readonly charts: readonly Chart[];
  /** What its pods have written, as patterns; absent where nothing is known. */
  readonly written: LogsView | undefined;
  /** What changed around it, the newest first. */
  readonly changes: readonly Change[];
  /** Who may have brought it about; absent where nothing stands out, or nothing was measured. */
  readonly suspects: Omit<Evidence, 'id'> | undefined;
  /** Other incidents near it, a line each. */
  readonly related: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Events quoted; the newest say most. */
const eventLimit = 5;

type Part = Omit<Evidence, 'id'>;

/** Quotes the facts behind a finding, numbered E1, E2, … in the order people need them: the log and its patterns, what changed, who is suspected, what was measured, what Kubernetes said, what else is wrong. */
export function collectEvidence(facts: Facts): Evidence[] {
  const { finding, written, suspects, now } = facts;
  const parts = [
    ...logParts(facts),
    ...(written === undefined ? [] : patternEvidence(written, { cause: finding.cause, now })),
    ...changeParts(facts),
    ...(suspects === undefined ? [] : [suspects]),
    ...metricParts(facts),
    ...eventParts(facts),
    ...relatedParts(facts),
  ];
  return parts.map((part, index) => ({ id: `E${index + 1}`, ...part }));
}

function logParts({ finding: { exemplar, subject }, log, whole }: Facts): readonly Part[] {
  if (exemplar === undefined || log.length === 0) return [];
  const run = exemplar.previous ? 'the run that crashed' : 'the latest run';
  const source = `log of ${subject.namespace}/${exemplar.pod}, container ${exemplar.container}, ${run}`;
  return [{ kind: 'log', source, text: log.join('\n'), ...(whole === undefined ? {} : { whole }) }];
}

function changeParts({ finding: { release, subject }, changes }: Facts): readonly Part[] {
  const parts: Part[] = [];
  if (release !== undefined && release.changes.length > 0) {
    const source = `revision ${release.fromRevision ?? 'none'} -> ${release.toRevision} of ${refName(subject)}`;
    parts.push({ kind: 'change', source, text: release.changes.join('\n'), at: release.at });
  }
  // What the trouble itself runs with, like its own release, is evidence of its own.
  for (const { at, text, configMap } of changes) {
    if (configMap !== undefined) parts.push({ kind: 'change', source: refKey(configMap), text, at });
  }
  const around = changes.filter(({ configMap }) => configMap === undefined);
  if (around.length > 0) {
    const text = around.map((change) => `${formatClock(change.at)}: ${change.text}`).join('\n');
    parts.push({ kind: 'change', source: `changes around ${refName(subject)} before it began`, text });
  }
  return parts;
}

function metricParts({ finding: { subject }, charts }: Facts): readonly Part[] {
  return charts.map((chart) => ({
    kind: 'metric',
    source: `${chart.title} of ${refName(subject)}`,
    text: describeChart(chart),
    chart,
  }));
}

function eventParts({ finding: { subject }, events }: Facts): readonly Part[] {
  const newest = events.toSorted((a, b) => b.lastSeen - a.lastSeen).slice(0, eventLimit);
  if (newest.length === 0) return [];
  const lines = newest.map((event) => `${event.reason} (${event.count}x): ${event.note}`);
  return [{ kind: 'event', source: `Events of ${refName(subject)}`, text: [...new Set(lines)].join('\n') }];
}

function relatedParts({ finding: { subject }, related }: Facts): readonly Part[] {
  if (related.length === 0) return [];
  return [{ kind: 'related', source: `other incidents near ${refName(subject)}`, text: related.join('\n') }];
}
