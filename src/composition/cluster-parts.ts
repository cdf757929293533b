import type { Access } from '../core/ports/access.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { Leadership } from '../core/ports/leadership.ts';
import type { Log } from '../core/ports/log.ts';
import type { LogFollower, LogSource } from '../core/ports/log-source.ts';
import type { Objects } from '../core/ports/objects.ts';
import type { Observer } from '../core/ports/observer.ts';
import type { PodLogs } from '../core/ports/pod-logs.ts';
import type { Workloads } from '../core/ports/workloads.ts';
import { redact } from '../core/redact.ts';
import { createAccess } from '../platform/kubernetes/access.ts';
import { createClusterReader } from '../platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../platform/kubernetes/http-client.ts';
import { createLeadership } from '../platform/kubernetes/leadership.ts';
import { createLogFollower } from '../platform/kubernetes/log-follower.ts';
import { createObjects } from '../platform/kubernetes/objects.ts';
import { createPodLogSource } from '../platform/kubernetes/pod-log-source.ts';
import { createPodLogs } from '../platform/kubernetes/pod-logs.ts';
import { createWorkloads } from '../platform/kubernetes/workloads.ts';
import type { Telemetry } from '../platform/telemetry/metrics.ts';
import { createObserver } from '../signals/observer.ts';
import type { Environment } from './environment.ts';

/** Everything that talks to the Kubernetes API. */
export interface ClusterParts {
  readonly server: string;
  readonly http: HttpClient;
  readonly reader: ClusterReader;
  readonly logs: PodLogs;
  readonly logSource: LogSource;
  readonly follower: LogFollower;
  readonly workloads: Workloads;
  readonly objects: Objects;
  readonly access: Access;
  readonly observer: Observer;
  readonly leadership: Leadership;
}

interface ClusterOptions {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

export async function createClusterParts(options: ClusterOptions): Promise<ClusterParts> {
  const { environment, clock, log } = options;
  const { kubeconfig, inClusterHost, inClusterPort } = environment;
  const credentials = await loadCredentials({ kubeconfig, inClusterHost, inClusterPort, now: () => clock.now() });
  const http = createHttpClient(credentials);
  const random = (): number => Math.random();
  const reader = createClusterReader({ http, clock, random, metrics: options.telemetry.watch });
  return {
    server: http.server,
    http,
    reader,
    logs: createPodLogs({ http, redact }),
    logSource: createPodLogSource({ http, clock, redact }),
    follower: createLogFollower({ http, clock, random }),
    workloads: createWorkloads(http),
    objects: createObjects(http),
    access: createAccess(http),
    observer: createObserver(reader),
    leadership: createLeadership({
      http,
      clock,
      random,
      namespace: environment.podNamespace ?? 'default',
      name: `lifeguard-watcher-${options.clusterName}`,
      identity: `lifeguard-${options.identifiers.next(8)}`,
      onTrouble: (problem) => problem !== undefined && log.warn('the leader election is in trouble', { problem }),
    }),
  };
}
