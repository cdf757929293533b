import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Credentials, Secrets } from './secrets.ts';

/** Pooled connections to the API server. Watches and logs have their own, so that they can never starve requests. */
export interface Connections {
  readonly requests: Dispatcher;
  readonly streams: Dispatcher;
  /** HTTP/1.1: each log has a connection of its own, so that one that is read slowly holds up nothing but itself. */
  readonly logs: Dispatcher;
  /** HTTP/1.1: undici 8 joins a header that comes several times with commas under HTTP/2, and several groups would be one of a strange name. */
  readonly impersonated: Dispatcher;
}

export interface ConnectionPool {
  /** The connections for these secrets; made anew only when the TLS material has changed. */
  for(secrets: Secrets): Connections;
  /** Breaks all connections. */
  close(): Promise<void>;
}

const concurrentRequests = 8;
/** Shorter than common idle limits of load balancers (60 s) and of the API server (90 s). */
const keepAliveMs = 30_000;

export function createConnectionPool(credentials: Credentials, connectTimeoutMs: number): ConnectionPool {
  let current: { readonly material: string; readonly connections: Connections } | undefined;
  return {
    for(secrets) {
      const material = JSON.stringify([secrets.ca, secrets.cert, secrets.key]);
      if (current?.material === material) return current.connections;
      // Requests and watches under way finish on the old connections; closing waits for them.
      if (current !== undefined) void Promise.allSettled(closeAll(current.connections));
      current = { material, connections: connect(credentials, secrets, connectTimeoutMs) };
      return current.connections;
    },
    async close() {
      if (current !== undefined) await Promise.allSettled(destroyAll(current.connections));
    },
  };
}

function connect(credentials: Credentials, secrets: Secrets, timeout: number): Connections {
  const tls = {
    rejectUnauthorized: !credentials.insecure,
    ...(secrets.ca === undefined ? {} : { ca: secrets.ca }),
    ...(secrets.cert === undefined ? {} : { cert: secrets.cert }),
    ...(secrets.key === undefined ? {} : { key: secrets.key }),
    ...(credentials.serverName === undefined ? {} : { servername: credentials.serverName }),
  };
  // The client sets its own deadlines; undici's would cut quiet watches.
  const shared = { keepAliveTimeout: keepAliveMs, headersTimeout: 0, bodyTimeout: 0 };
  function dispatcher(connections: number | null, allowH2 = true): Dispatcher {
    const pool = { ...shared, connections, allowH2 };
    if (credentials.proxy !== undefined) {
      return new ProxyAgent({ ...pool, uri: credentials.proxy, requestTls: { ...tls, allowH2 } });
    }
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    return new Agent({ ...pool, connect: { ...tls, ...keepAlive, timeout, allowH2 } });
  }
  return {
    requests: dispatcher(concurrentRequests),
    streams: dispatcher(null),
    logs: dispatcher(null, false),
    impersonated: dispatcher(concurrentRequests, false),
  };
}

function closeAll({ requests, streams, logs, impersonated }: Connections): Promise<void>[] {
  return [requests, streams, logs, impersonated].map((dispatcher) => dispatcher.close());
}

function destroyAll({ requests, streams, logs, impersonated }: Connections): Promise<void>[] {
  return [requests, streams, logs, impersonated].map((dispatcher) => dispatcher.destroy());
}
