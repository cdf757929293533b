import type { Judgement } from '../analysis/detector.ts';
import { detectors as catalogue } from '../analysis/detectors/index.ts';
import { evaluateSkewed } from '../analysis/evaluation.ts';
import type { Config } from '../config/load.ts';
import type { Alertmanager } from '../core/ports/alertmanager.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { Investigator } from '../core/ports/investigator.ts';
import type { LanguageModel } from '../core/ports/language-model.ts';
import type { Log } from '../core/ports/log.ts';
import type { LogFollower, LogSource } from '../core/ports/log-source.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { WorkloadLogs } from '../core/ports/workload-logs.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { ClusterView } from '../core/view.ts';
import type { IncidentRegistry } from '../incidents/registry.ts';
import { maintenanceOf } from '../incidents/routing.ts';
import { expireProposals } from '../ops/approve.ts';
import type { OpsContext } from '../ops/context.ts';
import { createAlertmanager } from '../platform/alertmanager/alertmanager.ts';
import { createKagent } from '../platform/investigators/kagent.ts';
import { createKubectlAi } from '../platform/investigators/kubectl-ai.ts';
import { createPrometheus } from '../platform/prometheus/prometheus.ts';
import { systemClock } from '../platform/system/clock.ts';
import { randomIdentifiers } from '../platform/system/identifiers.ts';
import { createTelemetry, type Telemetry } from '../platform/telemetry/metrics.ts';
import { announceRecords } from './audit-channel.ts';
import { type ClusterParts, createClusterParts } from './cluster-parts.ts';
import type { Environment, RoleName } from './environment.ts';
import { connectLogs, pushedBounds } from './log-parts.ts';
import { openModel } from './model-parts.ts';
import { openRegistry } from './registry-parts.ts';
import { createStoreParts, type StoreParts } from './store-parts.ts';

/** Everything a role may need, put together once. */
export interface Parts {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly cluster: ClusterParts;
  readonly store: StoreParts;
  /** Absent where none is configured. */
  readonly alertmanager: Alertmanager | undefined;
  /** Absent where no Prometheus is configured. */
  readonly metrics: Metrics | undefined;
  /** Where logs can be read, what keeps them longest first. */
  readonly logSources: readonly LogSource[];
  readonly workloadLogs: WorkloadLogs;
  /** Listens to a container; absent where collectors send the lines (`store.pushedLogs`). */
  readonly follower: LogFollower | undefined;
  /** Absent where none is configured, and in the watcher, which asks none. */
  readonly model: LanguageModel | undefined;
  /** Those that are configured. */
  readonly investigators: readonly Investigator[];
  /** What all detectors say of a subject now. */
  readonly evaluate: (subject: ResourceRef, view: ClusterView) => Judgement;
  readonly registry: IncidentRegistry;
  readonly ops: OpsContext;
}

interface PartsOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly role: RoleName;
  readonly log: Log;
}

export async function createParts({ config, environment, role, log }: PartsOptions): Promise<Parts> {
  const [clock, identifiers, telemetry] = [systemClock, randomIdentifiers, createTelemetry()];
  const clusterName = config.cluster.name;
  const cluster = await createClusterParts({ environment, clusterName, clock, identifiers, telemetry, log });
  const store = await createStoreParts({
    redisUrl: environment.redisUrl,
    cluster: clusterName,
    events: { keepMs: config.events.retentionHours * 3_600_000, most: config.events.maxEntries },
    pushed: pushedBounds(config.logs),
    log,
  });
  const evaluate = evaluateWith(config, () => ({ now: clock.now(), skewMs: cluster.http.skewMs() }));
  const { incidents } = store;
  const registry = openRegistry({
    config,
    store,
    clock,
    identifiers,
    telemetry,
    log,
    retract: ({ proposalIds }, because) => expireProposals(proposalIds, because, ops),
  });
  const monitoring = connectMonitoring(config, environment);
  const logs = connectLogs({ logs: config.logs, environment, clock, cluster, store });
  const { identities } = config.kubernetes;
  const ops: OpsContext = {
    ...store,
    clock,
    identifiers,
    log,
    policy: config.policy,
    workloads: cluster.workloads,
    objects: cluster.objects,
    observer: cluster.observer,
    detect: (subject, view) => evaluate(subject, view).findings,
    ...monitoring,
    incidents: { get: (id) => incidents.get(id), countOpen: async () => (await store.index.open()).length },
    journal: registry,
    audit: announceRecords(store, config.audit.channel),
    impersonation: identities === undefined ? undefined : { identities, access: cluster.access },
    freezeAt: (namespace, now) => maintenanceOf(namespace, { planned: config.freezes, announced: [] }, now),
  };
  return {
    config,
    environment,
    clock,
    identifiers,
    log,
    telemetry,
    cluster,
    store,
    ...monitoring,
    ...logs,
    model: role === 'watcher' ? undefined : openModel({ config, environment, clock, log }),
    investigators: connectInvestigators(config, environment),
    evaluate,
    registry,
    ops,
  };
}

/** The configured detectors, by the cluster's own clock. */
function evaluateWith(
  config: Config,
  read: () => { readonly now: number; readonly skewMs: number },
): Parts['evaluate'] {
  const detectors = catalogue.map((detector) => detector.configure(config.detectors[detector.id] ?? {}));
  return (subject, view) => {
    const { now, skewMs } = read();
    return evaluateSkewed(detectors, { subject, view, now }, skewMs);
  };
}

function connectMonitoring({ alertmanager, prometheus }: Config, environment: Environment) {
  const [alerts, graphs] = [alertmanager.url, prometheus.url];
  return {
    alertmanager:
      alerts === undefined ? undefined : createAlertmanager({ url: alerts, token: environment.alertmanagerToken }),
    metrics: graphs === undefined ? undefined : createPrometheus({ url: graphs, token: environment.prometheusToken }),
  };
}

function connectInvestigators(
  { investigators: { kagent, kubectlAi } }: Config,
  { kagentToken, kubectlAiToken }: Environment,
): readonly Investigator[] {
  return [
    ...(kagent === undefined ? [] : [createKagent({ ...kagent, token: kagentToken })]),
    ...(kubectlAi === undefined ? [] : [createKubectlAi({ ...kubectlAi, token: kubectlAiToken })]),
  ];
}
