import { Redis } from 'ioredis';
import { createCertificate } from '../../../demo/cluster/certificate.ts';
import type { FindingKind } from '../../../src/analysis/detectors/index.ts';
import type { EventRecord } from '../../../src/core/event-record.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createEventStore } from '../../../src/platform/redis/event-store.ts';
import { createKeyspace } from '../../../src/platform/redis/keyspace.ts';
import { type LifeguardOptions, privateRedis } from '../../support/lifeguard.ts';
import { startPrometheus } from '../../support/prometheus.ts';
import type { Scene, Shop } from '../../support/shop-scenario.ts';
import type { DetectorId } from './case.ts';

interface Play {
  /** In words, behind "about". */
  readonly what: string;
  /** Sets the stage before Lifeguard looks at it; answers what Lifeguard is to be started with. */
  readonly set: (shop: Shop) => unknown;
  readonly options?: Partial<LifeguardOptions>;
  /** Everything in the cluster was made so many milliseconds earlier. */
  readonly agedMs?: number;
  /** What happens once it runs. */
  readonly after?: (scene: Scene) => unknown;
}

/** What cannot be recorded on a cluster of one node, or would take days, played on the simulated one. */
export interface FaultPlay extends Play {
  readonly expects: FindingKind;
  /** All in the one root message. */
  readonly says: readonly string[];
}

export interface CalmPlay extends Play {
  /** The detector that is to stay silent. */
  readonly spares: DetectorId;
}

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Everything counts soon, so that a proof takes seconds. */
export const quick = `{
  node-unhealthy: { forSeconds: 1, graceSeconds: 0 },
  node-overcommitted: { graceSeconds: 0 },
  volume-claim: { graceSeconds: 0 },
  disruption-budget: { forSeconds: 1 },
  autoscaler: { graceSeconds: 1, forMinutes: 0 },
  stuck-deletion: { forSeconds: 1 },
  ingress-broken: { graceSeconds: 0, certificateGraceSeconds: 0 },
  webhook-broken: { forSeconds: 0 },
  memory-near-limit: { forSeconds: 0 },
  workload-short: { forSeconds: 1 },
  pod-mutated: { forSeconds: 0 },
  gateway-broken: { forSeconds: 0 },
  service-endpoints: { forSeconds: 1, graceSeconds: 0 },
  cronjob-missed: { graceSeconds: 0 },
  event-rate: { afterReleaseMinutes: 0 },
}`;

export function condition(type: string, status: string, reason = '', message = '') {
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString() };
}

/** An object of the namespace `shop`. */
export function own(api: readonly [apiVersion: string, kind: string], name: string, rest: JsonObject): JsonObject {
  const [apiVersion, kind] = api;
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...rest };
}

/** A certificate that is good until so many days from now, base64. */
export async function certificate(days: number): Promise<string> {
  const { cert } = await createCertificate(new Date(Date.now() + days * dayMs));
  return Buffer.from(cert).toString('base64');
}

interface Happened {
  /** Minutes ago. */
  readonly ago: number;
  readonly type?: 'Warning' | 'Restart' | 'Normal';
  readonly kind?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly times?: number;
}

/** A Redis that holds what Kubernetes said of `shop/app` before. */
export async function withHistory(happened: readonly Happened[]): Promise<Partial<LifeguardOptions>> {
  const { url: redisUrl } = await privateRedis();
  const redis = new Redis(redisUrl);
  const store = createEventStore({ redis, keyspace: createKeyspace('test'), keepMs: 2 * dayMs, most: 1_000 });
  await store.append(happened.map(recordOf));
  redis.disconnect();
  return { redisUrl };
}

function recordOf({ ago, type = 'Warning', kind = 'Pod', ...rest }: Happened, index: number): EventRecord {
  const { reason = 'Unhealthy', note = 'it does not answer', times = 1 } = rest;
  const owner = kind === 'Pod' ? { kind: 'Deployment', name: 'app' } : { kind, name: 'app' };
  const at = Date.now() - ago * 60_000;
  return { id: `past-${index}`, at, namespace: 'shop', kind, name: 'app', owner, type, reason, note, times };
}

interface Volume {
  /** Share that is left, and what goes in an hour, of a capacity of 100. */
  readonly bytes: readonly [left: number, hourly: number];
  readonly inodes: readonly [left: number, hourly: number];
}

/** A Prometheus that knows how full the volume of the claim `shop/data` is. */
export async function withVolume({ bytes, inodes }: Volume): Promise<Partial<LifeguardOptions>> {
  const prometheus = await startPrometheus();
  const labels = { namespace: 'shop', persistentvolumeclaim: 'data' };
  const give = (capacity: string, available: string, [left, hourly]: readonly [number, number]): void => {
    for (const [query, value] of [
      [capacity, 100],
      [available, left],
      [`deriv(${available}[6h])`, -hourly / 3_600],
    ] as const)
      prometheus.samples.set(query, [{ labels, value }]);
  };
  give('kubelet_volume_stats_capacity_bytes', 'kubelet_volume_stats_available_bytes', bytes);
  give('kubelet_volume_stats_inodes', 'kubelet_volume_stats_inodes_free', inodes);
  return { prometheus: `{ url: '${prometheus.url}' }` };
}
