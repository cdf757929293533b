import { describeError } from '../core/errors.ts';
import { createPipeline } from '../pipeline.ts';
import { checkAlerts } from '../signals/alert-check.ts';
import { watchAlerts } from '../signals/alert-stream.ts';
import { createClusterView } from '../signals/cluster-view.ts';
import { chooseSources } from '../signals/sources/index.ts';
import { type Watcher, watchSources } from '../signals/watcher.ts';
import type { Parts } from './parts.ts';

/** How often open incidents are looked at for what only time changes, milliseconds. */
const sweepMs = 5_000;

/** Watches while this process is the leader, as often as it becomes that; returns when `signal` aborts. */
export function runWatcher(parts: Parts, signal: AbortSignal): Promise<void> {
  const findings = parts.telemetry.counter<'kind'>({
    name: 'findings_total',
    help: 'Looks that found something, by kind.',
    labels: ['kind'],
  });
  return parts.cluster.leadership.run((term) => lead(parts, { signal: term, findings }), signal);
}

interface Term {
  readonly signal: AbortSignal;
  readonly findings: (labels: { readonly kind: string }) => void;
}

async function lead(parts: Parts, { signal, findings }: Term): Promise<void> {
  const { config, clock, log, registry, ops, detectors } = parts;
  log.info('watching the cluster', { cluster: config.cluster.name, server: parts.cluster.server });
  const view = createClusterView();
  const pipeline = createPipeline({
    view,
    detectors,
    registry,
    ops,
    logs: parts.cluster.logs,
    ready: () => watcher.ready(),
    signal,
    onFinding: ({ kind }) => findings({ kind }),
  });
  const watcher: Watcher = watchSources(chooseSources(config.cluster), {
    reader: parts.cluster.reader,
    log,
    namespaces: config.cluster.namespaces,
    signal,
    emit: (seen) => pipeline.accept(seen),
  });
  watchAlerts({ board: parts.store.alerts, clock, log, emit: (seen) => pipeline.accept(seen), signal });
  const { alertmanager } = parts;
  if (alertmanager !== undefined) checkAlerts({ board: parts.store.alerts, alertmanager, clock, log, signal });
  const tick = async (): Promise<void> => {
    await pipeline.sweep();
    await publish(parts, watcher, view).catch((error: unknown) =>
      log.warn('the status could not be published', { problem: describeError(error) }),
    );
    if (!signal.aborted) clock.schedule(clock.now() + sweepMs, () => void tick());
  };
  void tick();
  await watcher.stopped;
  await pipeline.idle();
}

type View = ReturnType<typeof createClusterView>;

async function publish({ store, clock }: Parts, watcher: Watcher, view: View): Promise<void> {
  const nodes = [...view.all('node')];
  await store.statusBoard.publish({
    at: clock.now(),
    synced: watcher.ready(),
    workloads: view.count('workload'),
    pods: view.count('pod'),
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => node.ready).length,
    troubles: watcher.troubles(),
  });
}
