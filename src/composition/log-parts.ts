import type { Config } from '../config/load.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LogFollower, LogSource } from '../core/ports/log-source.ts';
import type { WorkloadLogs } from '../core/ports/workload-logs.ts';
import { redact } from '../core/redact.ts';
import { createLokiClient } from '../platform/loki/client.ts';
import { createLokiFollower } from '../platform/loki/follower.ts';
import { createLokiSource } from '../platform/loki/loki.ts';
import type { ClusterParts } from './cluster-parts.ts';
import type { Environment } from './environment.ts';
import type { StoreParts } from './store-parts.ts';
import { createWorkloadLogs } from './workload-logs.ts';

interface LogOptions {
  readonly logs: Config['logs'];
  readonly environment: Environment;
  readonly clock: Clock;
  readonly cluster: ClusterParts;
  readonly store: StoreParts;
}

interface LogParts {
  readonly logSources: readonly LogSource[];
  readonly workloadLogs: WorkloadLogs;
  readonly follower: LogFollower | undefined;
}

/** What keeps logs longest comes first; the pods themselves are there always. */
export function connectLogs({ logs, environment, clock, cluster, store }: LogOptions): LogParts {
  const { url, tenant, labels, match } = logs.loki;
  const selection = { labels, match };
  const client = url === undefined ? undefined : createLokiClient({ url, tenant, token: environment.lokiToken });
  const logSources = [
    ...(client === undefined ? [] : [createLokiSource({ client, selection, redact })]),
    ...(logs.push.enabled ? [store.pushedSource] : []),
    cluster.logSource,
  ];
  return {
    logSources,
    workloadLogs: createWorkloadLogs({
      observer: cluster.observer,
      sources: logSources,
      previous: cluster.logs,
      clock,
    }),
    follower: {
      pods: cluster.follower,
      loki: client === undefined ? undefined : createLokiFollower({ client, selection, clock }),
      pushed: undefined,
    }[logs.source],
  };
}

const megabyte = 2 ** 20;

/** Lines wait only for a watcher that reads them. */
export function pushedBounds({ source, push }: Config['logs']) {
  return {
    mostWaiting: source === 'pushed' ? push.waitingMegabytes * megabyte : 0,
    mostKept: push.keptMegabytes * megabyte,
    keepSeconds: push.keptHours * 3600,
  };
}
