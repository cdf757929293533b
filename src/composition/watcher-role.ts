import { createLogDigest } from '../analysis/logs/digest.ts';
import { describeError } from '../core/errors.ts';
import { holdingFindings } from '../core/incident.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { SourceTrouble } from '../core/ports/status-board.ts';
import type { Signal } from '../core/signal.ts';
import type { ClusterView } from '../core/view.ts';
import { weighSeverity } from '../incidents/routing.ts';
import { createPipeline } from '../pipeline.ts';
import { checkAlerts } from '../signals/alert-check.ts';
import { watchAlerts } from '../signals/alert-stream.ts';
import { createClusterView } from '../signals/cluster-view.ts';
import { createConfigRecorder } from '../signals/config-recorder.ts';
import { createEventRecorder } from '../signals/event-recorder.ts';
import { keepEvidence } from '../signals/evidence.ts';
import { watchLogs } from '../signals/log-listener.ts';
import { createPushedFollower } from '../signals/pushed-follower.ts';
import { watchRates } from '../signals/rate-stream.ts';
import { chooseSources } from '../signals/sources/index.ts';
import { createTroubleBook, type TroubleBook } from '../signals/troubles.ts';
import { watchUsage } from '../signals/usage-stream.ts';
import { watchVolumes } from '../signals/volume-stream.ts';
import { type Watcher, watchSources } from '../signals/watcher.ts';
import { createGathering } from './evidence.ts';
import type { Parts } from './parts.ts';
import { stormOf } from './storm.ts';
import { createWholeLogKeeping } from './whole-log.ts';

/** How often open incidents are looked at for what only time changes, milliseconds. */
const sweepMs = 5_000;

/** Watches while this process is the leader, as often as it becomes that; returns when `signal` aborts. */
export function runWatcher(parts: Parts, signal: AbortSignal): Promise<void> {
  const findings = parts.telemetry.counter<'kind'>({
    name: 'findings_total',
    help: 'Looks that found something, by kind.',
    labels: ['kind'],
  });
  const dropped = parts.telemetry.counter({
    name: 'events_dropped_total',
    help: 'Kubernetes Events that were not kept, because Redis was away for too long.',
  });
  return parts.cluster.leadership.run((term) => lead(parts, { signal: term, findings, dropped }), signal);
}

interface Term {
  readonly signal: AbortSignal;
  readonly findings: (labels: { readonly kind: string }) => void;
  readonly dropped: (labels: object, count: number) => void;
}

async function lead(parts: Parts, { signal, findings, dropped }: Term): Promise<void> {
  const { config, clock, log, registry, ops, evaluate } = parts;
  log.info('watching the cluster', { cluster: config.cluster.name, server: parts.cluster.server });
  const view = createClusterView(() => clock.now() + parts.cluster.http.skewMs());
  const troubles = createTroubleBook(log, clock);
  const pipeline = createPipeline({
    view,
    evaluate,
    registry,
    ops,
    logs: parts.cluster.logs,
    commandName: config.slack.command,
    gather: gatherFrom(parts),
    weigh: (finding) => weighSeverity(finding, config.incidents.tiers),
    ready: () => watcher.ready(),
    signal,
    onFinding: ({ kind }) => findings({ kind }),
  });
  const recorder = createEventRecorder({
    store: parts.store.events,
    clock,
    log,
    signal,
    view,
    onDropped: (count) => dropped({}, count),
  });
  const configRecorder = createConfigRecorder({
    reader: parts.cluster.reader,
    history: parts.store.configHistory,
    troubles,
    clock,
    signal,
  });
  const watcher: Watcher = watchSources(chooseSources(config.cluster), {
    reader: parts.cluster.reader,
    troubles,
    namespaces: config.cluster.namespaces,
    signal,
    emit(seen) {
      recorder.accept(seen);
      configRecorder.accept(seen);
      const evidence = keepEvidence(seen);
      if (evidence !== undefined) pipeline.accept(evidence);
    },
  });
  const feeding = { signal, troubles, emit: (seen: Signal) => pipeline.accept(seen) };
  watchMore(parts, feeding);
  listenToLogs(parts, view, feeding);
  const tick = async (): Promise<void> => {
    await pipeline.sweep();
    await publish(parts, { watcher, view, troubles }).catch((error: unknown) =>
      log.warn('the status could not be published', { problem: describeError(error) }),
    );
    if (!signal.aborted) clock.schedule(clock.now() + sweepMs, () => void tick());
  };
  void tick();
  await watcher.stopped;
  await pipeline.idle();
}

function gatherFrom({ config, cluster, store, metrics, workloadLogs, registry, clock, log }: Parts) {
  return createGathering({
    metrics,
    traffic: config.policy.verification.traffic,
    logs: workloadLogs,
    keepWhole: createWholeLogKeeping({
      logs: cluster.logs,
      kept: store.wholeLogs,
      clock,
      storm: stormOf(config),
    }),
    history: store.configHistory,
    open: () => registry.open(),
    clock,
    skewMs: () => cluster.http.skewMs(),
    log,
  });
}

interface Feeding {
  readonly signal: AbortSignal;
  readonly troubles: TroubleBook;
  readonly emit: (seen: Signal) => void;
}

/** What is asked again and again, because it cannot be watched. */
function watchMore({ store, cluster, clock, alertmanager, metrics }: Parts, { signal, troubles, emit }: Feeding): void {
  const polling = (name: string) => ({ clock, signal, onTrouble: troubles.of(name) });
  watchRates({ store: store.events, emit, ...polling('rates of Events') });
  watchUsage({ reader: cluster.reader, emit, ...polling('metrics-server') });
  watchAlerts({ board: store.alerts, emit, ...polling('alerts') });
  if (metrics !== undefined) watchVolumes({ metrics, emit, ...polling('Prometheus') });
  if (alertmanager !== undefined) checkAlerts({ board: store.alerts, alertmanager, ...polling('Alertmanager') });
}

/** The logs of what is in trouble, and of the namespaces that are chosen. */
function listenToLogs(parts: Parts, view: ClusterView, { signal, troubles, emit }: Feeding): void {
  const { clock, config, registry, store } = parts;
  const polling = (name: string) => ({ clock, signal, onTrouble: troubles.of(name) });
  const { pushedLogs: waiting, pushedSource: kept } = store;
  const bucketMs = config.logs.bucketSeconds * 1000;
  watchLogs({
    view,
    affected: async () => (await registry.open()).flatMap(holdingFindings).map(({ subject }) => subject),
    namespaces: config.logs.namespaces,
    follower: parts.follower ?? createPushedFollower({ waiting, kept, ...polling('pushed logs') }),
    createDigest: (regarding, since) => createLogDigest({ regarding, since, bucketMs }),
    emit,
    ...polling('logs'),
    clock: clusterClock(parts),
  });
}

/** Lines are dated by the clocks of the nodes. */
function clusterClock({ clock, cluster: { http } }: Parts): Clock {
  return {
    now: () => clock.now() + http.skewMs(),
    schedule: (at, callback) => clock.schedule(at - http.skewMs(), callback),
  };
}

interface Seeing {
  readonly watcher: Watcher;
  readonly view: ReturnType<typeof createClusterView>;
  readonly troubles: TroubleBook;
}

async function publish({ store, clock, cluster }: Parts, { watcher, view, troubles }: Seeing): Promise<void> {
  const nodes = [...view.all('node')];
  await store.statusBoard.publish({
    at: clock.now(),
    synced: watcher.ready(),
    workloads: view.count('workload'),
    pods: view.count('pod'),
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => node.ready).length,
    troubles: { ...troubles.all(), ...describeSkew(cluster.http.skewMs()) },
  });
}

/** What the cluster dates is judged by its own clock, but people should mend it. */
function describeSkew(skewMs: number): Readonly<Record<string, SourceTrouble>> {
  if (skewMs === 0) return {};
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const where = skewMs > 0 ? 'ahead of' : 'behind';
  return { clock: { problem: `The API server's clock is ${seconds} s ${where} Lifeguard's; set both by NTP.` } };
}
