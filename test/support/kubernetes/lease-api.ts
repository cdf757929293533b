import { LifeguardError } from '../../../src/core/errors.ts';
import { isJsonObject, type JsonObject, readString } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/ports/clock.ts';
import type { ApiRequest, HttpClient } from '../../../src/platform/kubernetes/http-client.ts';

/** How the API treats one request: it works, it fails, it hangs, or it writes and the answer is lost. */
export type Treatment = 'works' | 'fails' | 'hangs' | 'answer-lost';

/** The Lease of one election, in memory, with the API server's optimistic concurrency. */
export interface LeaseApi {
  /** A client for one candidate; `treat` decides about each request. */
  client(treat: (request: ApiRequest) => Treatment): HttpClient;
  /** The holder, empty when released. */
  holder(): string | undefined;
  readonly writes: number;
}

export function createLeaseApi(clock: Clock): LeaseApi {
  let lease: JsonObject | undefined;
  let version = 0;

  function write(request: ApiRequest): JsonObject {
    const sent: unknown = JSON.parse(request.body ?? '{}');
    const expected = request.method === 'POST' ? undefined : readString(lease, 'metadata', 'resourceVersion');
    const isStale = request.method === 'POST' ? lease !== undefined : readVersion(sent) !== expected;
    if (isStale) throw failure('cluster-conflict', 'the object has been modified');
    version += 1;
    lease = { ...(isJsonObject(sent) ? sent : {}), metadata: { name: 'watcher', resourceVersion: String(version) } };
    return lease;
  }

  function answer(request: ApiRequest): JsonObject {
    if (request.method !== undefined) return write(request);
    if (lease === undefined) throw failure('cluster-not-found', 'no lease');
    return lease;
  }

  return {
    client(treat) {
      return {
        server: 'https://fake',
        text: () => Promise.reject(new Error('not used')),
        stream: () => Promise.reject(new Error('not used')),
        skewMs: () => 0,
        as() {
          throw new Error('not used');
        },
        close: () => Promise.resolve(),
        async json(request) {
          const treatment = treat(request);
          if (treatment === 'fails') throw failure('cluster-unreachable', 'down');
          if (treatment === 'hangs') return await untilGivenUp(request, clock);
          const answered = answer(request);
          return treatment === 'answer-lost' ? await untilGivenUp(request, clock) : answered;
        },
      };
    },
    holder: () => readString(lease, 'spec', 'holderIdentity'),
    get writes() {
      return version;
    },
  };
}

function readVersion(value: unknown): string | undefined {
  return readString(value, 'metadata', 'resourceVersion');
}

function failure(code: 'cluster-conflict' | 'cluster-not-found' | 'cluster-unreachable', text: string): LifeguardError {
  return new LifeguardError(text, { code, retry: 'transient' });
}

/** As the real client: a request without an answer ends at its deadline or when its caller gives up. */
function untilGivenUp({ signal, timeoutMs = 15_000 }: ApiRequest, clock: Clock): Promise<JsonObject> {
  const { promise, reject } = Promise.withResolvers<JsonObject>();
  function end(): void {
    cancel();
    reject(failure('cluster-unreachable', 'no answer'));
  }
  const cancel = clock.schedule(clock.now() + timeoutMs, end);
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  return promise;
}
