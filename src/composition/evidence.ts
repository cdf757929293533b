import { type Change, changesAround, tellKeys } from '../analysis/explain/changes.ts';
import { drawKnown, drawSeries, type Question, questionsOf } from '../analysis/explain/charts.ts';
import { collectEvidence } from '../analysis/explain/evidence.ts';
import { describeNear } from '../analysis/explain/near.ts';
import { logsOf } from '../analysis/explain/patterns.ts';
import type { Chart } from '../core/chart.ts';
import { describeError } from '../core/errors.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ConfigHistory } from '../core/ports/config-history.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { WorkloadLogs } from '../core/ports/workload-logs.ts';
import type { ClusterView } from '../core/view.ts';
import type { EventView } from '../core/views/event.ts';
import type { LogsView } from '../core/views/logs.ts';
import { createPatience } from './patience.ts';
import { createSuspicion } from './suspects.ts';
import type { KeepWholeLog } from './whole-log.ts';

interface GatheringContext {
  /** Absent where none is configured. */
  readonly metrics: Pick<Metrics, 'range'> | undefined;
  /** Queries for how a workload serves, as configured. */
  readonly traffic: Policy['verification']['traffic'];
  /** Reads logs that nobody listens to yet. */
  readonly logs: Pick<WorkloadLogs, 'patterns'>;
  readonly keepWhole: KeepWholeLog;
  /** What ConfigMaps held that are to be remembered. */
  readonly history: Pick<ConfigHistory, 'read'>;
  /** Incidents that are open now. */
  readonly open: () => Promise<readonly Incident[]>;
  readonly clock: Clock;
  /** How far the cluster's clock is ahead of ours, milliseconds. */
  readonly skewMs: () => number;
  readonly log: Log;
}

/** How far back logs are read that nobody listened to, milliseconds. */
const backMs = 15 * 60_000;

/** Moments in a picture; Slack draws no more. */
const points = 20;

/** What has begun lately is looked at from closer by: parts of the time that is looked back, and the share of moments known that is enough. */
const closer = [1, 1 / 6, 1 / 36] as const;
const enough = 0.4;

/**
 * Gathers the facts behind a finding: its log, what changed, who is suspected, what was measured, and what Kubernetes said. Pictures are of what Prometheus knows where it
 * answers, else of what Lifeguard has seen itself. Never fails.
 */
export function createGathering(context: GatheringContext) {
  const { metrics, traffic, logs, keepWhole, history, open, clock, skewMs, log } = context;
  const within = createPatience({ clock, log });
  const suspect = createSuspicion({ metrics, traffic, clock, skewMs, within });

  /** What is listened to is known already. */
  async function readPatterns({ subject }: Finding, view: ClusterView): Promise<LogsView | undefined> {
    const known = logsOf({ subject, view });
    if (known !== undefined || view.podsOf(subject).length === 0) return known;
    return within('patterns', async (signal) => (await logs.patterns(subject, backMs, signal)).logs);
  }

  async function addKeys(change: Change): Promise<Change> {
    const { configMap } = change;
    if (configMap === undefined) return change;
    const versions = await within('history of a ConfigMap', () => history.read(configMap));
    return tellKeys(change, versions ?? []);
  }

  async function ask(question: Question): Promise<Chart | undefined> {
    if (metrics === undefined) return undefined;
    try {
      let drawn: Chart | undefined;
      for (const part of closer) {
        const { chart, share } = await look(question, question.backMs * part, metrics);
        drawn = chart ?? drawn;
        if (share >= enough) break;
      }
      return drawn;
    } catch (error) {
      log.debug('a picture could not be drawn', { title: question.title, problem: describeError(error) });
      return undefined;
    }
  }

  async function look(question: Question, backMs: number, { range }: Pick<Metrics, 'range'>) {
    const to = clock.now();
    const span = { from: to - backMs, to, points };
    const times = Array.from({ length: points }, (_, index) => span.from + (index * backMs) / (points - 1));
    return drawSeries(question, times, await range(question.query, span));
  }

  return async ({ finding, lines, view }: Found): Promise<readonly Evidence[]> => {
    const [whole, drawn, written, changes, incidents, suspects] = await Promise.all([
      within('the whole log', (signal) => keepWhole(finding, lines, signal)),
      within('pictures', () => Promise.all(questionsOf(finding, view).map(ask))),
      readPatterns(finding, view),
      Promise.all(changesAround(finding, view).map(addKeys)),
      within('incidents', open),
      suspect({ finding, lines, view }),
    ]);
    const told = (drawn ?? []).filter((chart) => chart !== undefined);
    return collectEvidence({
      finding,
      log: lines,
      whole,
      written,
      changes,
      suspects,
      charts: told.length > 0 ? told : drawKnown(finding, view),
      events: eventsOf(finding, view),
      related: describeNear(finding, incidents ?? []),
      now: clock.now(),
    });
  };
}

interface Found {
  readonly finding: Finding;
  /** Last lines of the exemplar's log, oldest first, redacted. */
  readonly lines: readonly string[];
  readonly view: ClusterView;
}

function eventsOf({ subject, exemplar }: Finding, view: ClusterView): readonly EventView[] {
  const pod = view.podsOf(subject).find((one) => one.name === exemplar?.pod);
  const ofPod =
    pod === undefined ? [] : view.eventsOf({ kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid });
  return [...ofPod, ...view.eventsOf(subject)];
}
