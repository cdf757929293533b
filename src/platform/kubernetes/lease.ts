import { hasCode } from '../../core/errors.ts';
import { type JsonObject, readNumber, readObject, readString } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ApiRequest, HttpClient } from './http-client.ts';

export interface LeaseOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Who we are; unique to this process. */
  readonly identity: string;
  /** Milliseconds; whole seconds. How long others must see no renewal before they take over. */
  readonly leaseMs: number;
}

/** Short enough for a second try before the renew deadline of ten seconds. */
const timeoutMs = 4_000;

/** Whose the lease is; `contested` where somebody else wrote it at the same moment. */
export type Holding = 'ours' | 'theirs' | 'contested';

/** One candidate's view of a `coordination.k8s.io/v1` Lease. Failures are `cluster-*` errors. */
export interface Lease {
  /** Takes the lease where it is free or expired, or renews it. */
  takeOrRenew(signal: AbortSignal): Promise<Holding>;
  /** Gives it up so that another can take it at once; does nothing where we do not hold it. */
  release(): Promise<void>;
}

/**
 * Clocks of candidates may differ, so expiry is judged by how long *we* have seen the lease unchanged, never by the times written in
 * it. Every write carries the version that was read, so of two candidates that try at once one is refused.
 */
export function createLease(options: LeaseOptions): Lease {
  const { http, clock, identity } = options;
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(options.namespace)}/leases`;
  const path = `${collection}/${encodeURIComponent(options.name)}`;
  let seen: { readonly version: string; readonly at: number } | undefined;

  function observe(lease: JsonObject): number {
    const version = readString(lease, 'metadata', 'resourceVersion') ?? '';
    if (seen?.version !== version) seen = { version, at: clock.now() };
    return seen.at;
  }

  async function write(request: ApiRequest, lease: object): Promise<Holding> {
    try {
      observe(await http.json({ ...request, timeoutMs, body: JSON.stringify(lease) }));
      return 'ours';
    } catch (error) {
      if (hasCode(error, 'cluster-conflict')) return 'contested';
      throw error;
    }
  }

  async function read(options: { readonly signal?: AbortSignal }): Promise<JsonObject | undefined> {
    try {
      return await http.json({ ...options, path, timeoutMs });
    } catch (error) {
      if (hasCode(error, 'cluster-not-found')) return undefined;
      throw error;
    }
  }

  return {
    async takeOrRenew(signal) {
      const lease = await read({ signal });
      if (lease === undefined) return await write({ method: 'POST', path: collection, signal }, newLease(options));
      const unchangedSince = observe(lease);
      const holder = readString(lease, 'spec', 'holderIdentity') ?? '';
      const validMs = (readNumber(lease, 'spec', 'leaseDurationSeconds') ?? options.leaseMs / 1000) * 1000;
      if (holder !== '' && holder !== identity && clock.now() < unchangedSince + validMs) return 'theirs';
      return await write({ method: 'PUT', path, signal }, { ...lease, spec: holding(options, lease) });
    },
    async release() {
      const lease = await read({});
      if (lease === undefined || readString(lease, 'spec', 'holderIdentity') !== identity) return;
      const spec = {
        ...readObject(lease, 'spec'),
        holderIdentity: '',
        leaseDurationSeconds: 1,
        renewTime: time(clock),
      };
      await write({ method: 'PUT', path }, { ...lease, spec });
    },
  };
}

function newLease(options: LeaseOptions): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: options.name, namespace: options.namespace },
    spec: holding(options, {}),
  };
}

/** The specification that says we hold it; a change of holder counts as a transition. */
function holding({ clock, identity, leaseMs }: LeaseOptions, lease: JsonObject): object {
  const now = time(clock);
  const spec = readObject(lease, 'spec');
  const isOurs = readString(spec, 'holderIdentity') === identity;
  const transitions = readNumber(spec, 'leaseTransitions') ?? 0;
  return {
    ...spec,
    holderIdentity: identity,
    leaseDurationSeconds: leaseMs / 1000,
    acquireTime: isOurs ? (readString(spec, 'acquireTime') ?? now) : now,
    renewTime: now,
    leaseTransitions: isOurs ? transitions : transitions + 1,
  };
}

/** MicroTime as Kubernetes wants it. */
function time(clock: Clock): string {
  return new Date(clock.now()).toISOString().replace('Z', '000Z');
}
