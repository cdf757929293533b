import type { Chart } from '../../core/chart.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Finding } from '../../core/finding.ts';
import { refName } from '../../core/resource-ref.ts';
import type { EventView } from '../../core/views/event.ts';
import { describeChart } from './chart-words.ts';

interface Facts {
  readonly finding: Finding;
  /** Last lines of the exemplar's log, oldest first, redacted. */
  readonly log: readonly string[];
  readonly events: readonly EventView[];
  readonly charts: readonly Chart[];
}

/** Events quoted; the newest say most. */
const eventLimit = 5;

/** Quotes the facts behind a finding, numbered E1, E2, … in the order people need them: the log, what changed, what was measured, what Kubernetes said. */
export function collectEvidence({ finding, log, events, charts }: Facts): Evidence[] {
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
  if (release !== undefined && release.changes.length > 0) {
    parts.push({
      kind: 'change',
      source: `revision ${release.fromRevision ?? 'none'} -> ${release.toRevision} of ${refName(subject)}`,
      text: release.changes.join('\n'),
      at: release.at,
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
  return parts.map((part, index) => ({ id: `E${index + 1}`, ...part }));
}
