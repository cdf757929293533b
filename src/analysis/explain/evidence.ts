import type { Chart } from '../../core/chart.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Finding } from '../../core/finding.ts';
import { refName } from '../../core/resource-ref.ts';
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
  readonly events: readonly EventView[];
  readonly charts: readonly Chart[];
  /** What its pods have written, as patterns; absent where nothing is known. */
  readonly written: LogsView | undefined;
  /** What changed around it, the newest first. */
  readonly changes: readonly Change[];
  /** Other incidents near it, a line each. */
  readonly related: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Events quoted; the newest say most. */
const eventLimit = 5;

/** Quotes the facts behind a finding, numbered E1, E2, … in the order people need them: the log and its patterns, what changed, what was measured, what Kubernetes said, what else is wrong. */
export function collectEvidence(facts: Facts): Evidence[] {
  const { finding, log, events, charts, written, changes, related, now } = facts;
  const { exemplar, release, subject } = finding;
  const run = exemplar?.previous === true ? 'the run that crashed' : 'the latest run';
  const parts: Omit<Evidence, 'id'>[] = [];
  if (exemplar !== undefined && log.length > 0) {
    parts.push({
      kind: 'log',
      source: `log of ${subject.namespace}/${exemplar.pod}, container ${exemplar.container}, ${run}`,
      text: log.join('\n'),
    });
  }
  if (written !== undefined) parts.push(...patternEvidence(written, { cause: finding.cause, now }));
  if (release !== undefined && release.changes.length > 0) {
    parts.push({
      kind: 'change',
      source: `revision ${release.fromRevision ?? 'none'} -> ${release.toRevision} of ${refName(subject)}`,
      text: release.changes.join('\n'),
      at: release.at,
    });
  }
  if (changes.length > 0) {
    const lines = changes.map(({ at, text }) => `${formatClock(at)}: ${text}`);
    parts.push({
      kind: 'change',
      source: `changes around ${refName(subject)} before it began`,
      text: lines.join('\n'),
    });
  }
  for (const chart of charts) {
    parts.push({ kind: 'metric', source: `${chart.title} of ${refName(subject)}`, text: describeChart(chart), chart });
  }
  const newest = events.toSorted((a, b) => b.lastSeen - a.lastSeen).slice(0, eventLimit);
  if (newest.length > 0) {
    const lines = newest.map((event) => `${event.reason} (${event.count}x): ${event.note}`);
    parts.push({ kind: 'event', source: `Events of ${refName(subject)}`, text: [...new Set(lines)].join('\n') });
  }
  if (related.length > 0)
    parts.push({ kind: 'related', source: `other incidents near ${refName(subject)}`, text: related.join('\n') });
  return parts.map((part, index) => ({ id: `E${index + 1}`, ...part }));
}
