import type { Dispatcher } from 'undici';
import { LifeguardError } from '../../core/errors.ts';
import type { Identity } from '../../core/identity.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { createSkewMeter } from './clock-skew.ts';
import { type Connections, createConnectionPool } from './connections.ts';
import { startDeadline, unlessAborted } from './deadline.ts';
import { failureOfAnswer, failureOfConnection, failureOfTimeout, parseJson } from './failures.ts';
import type { Credentials, Secrets } from './secrets.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the server, possibly with a query of its own. */
  readonly path: string;
  /** Entries that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Serialised body. */
  readonly body?: string;
  readonly contentType?: string;
  /** Default `application/json`. */
  readonly accept?: string;
  /** Milliseconds for the whole exchange. Default 15 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Streaming {
  readonly signal: AbortSignal;
  /** On whose connections: default `streams`. */
  readonly lane?: 'streams' | 'logs';
}

/**
 * Requests to one API server over pooled connections. Failures are `LifeguardError`s with a `cluster-*` code; an abort by the caller's
 * signal throws the signal's reason. Refused credentials are read again once before a request fails.
 */
export interface HttpClient {
  readonly server: string;
  /** The body of a 2xx answer. */
  text(request: ApiRequest): Promise<string>;
  json(request: ApiRequest): Promise<JsonObject>;
  /** Opens an answer that goes on: `timeoutMs` counts until its headers, then only `signal` ends it. Read it or abort it. */
  stream(request: ApiRequest & Streaming): Promise<AsyncIterable<Buffer>>;
  /** How far the server's clock is ahead of ours, milliseconds; what the cluster dates is dated by it. */
  skewMs(): number;
  /** The same connections, with every request made as somebody else (`Impersonate-User`, `Impersonate-Group`). */
  as(identity: Identity): HttpClient;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const defaultTimeoutMs = 15_000;
const defaultConnectTimeoutMs = 5_000;

export function createHttpClient(credentials: Credentials, options: HttpClientOptions = {}): HttpClient {
  const pool = createConnectionPool(credentials, options.connectTimeoutMs ?? defaultConnectTimeoutMs);
  const readSecrets = shareRereads(credentials);
  const now = options.now ?? Date.now;
  const clocks = createSkewMeter(now);
  const target = new URL(credentials.server);
  const server = `${target.origin}${target.pathname.replace(/\/$/, '')}`;

  async function exchange(request: ApiRequest, attempt: Attempt): Promise<Dispatcher.ResponseData> {
    // A credential plug-in may hang.
    const secrets = await unlessAborted(readSecrets(attempt.fresh), attempt.signal);
    const dispatcher = pool.for(secrets)[laneOf(attempt)];
    const sentAt = now();
    const response = await dispatcher.request({
      origin: target.origin,
      path: `${target.pathname.replace(/\/$/, '')}${pathWithQuery(request)}`,
      method: request.method ?? 'GET',
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': 'lifeguard',
        ...contentType(request),
        ...secrets.headers,
        ...attempt.impersonation,
      },
      body: bodyOf(request),
      signal: attempt.signal,
    });
    clocks.note(response.headers['date'], sentAt);
    return response;
  }

  async function answer(request: ApiRequest, attempt: Attempt): Promise<Dispatcher.ResponseData> {
    let response = await exchange(request, attempt);
    if (response.statusCode === 401) {
      await response.body.dump();
      response = await exchange(request, { ...attempt, fresh: true });
    }
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    throw await failureOfResponse(response, { request, server });
  }

  /** Runs one exchange under its deadline and names every way it can fail. */
  async function send<T>(
    request: ApiRequest,
    manner: Manner,
    read: (response: Dispatcher.ResponseData) => Promise<T>,
  ): Promise<T> {
    const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs;
    const deadline = startDeadline(timeoutMs, request.signal);
    try {
      return await read(await answer(request, { ...manner, fresh: false, signal: deadline.signal }));
    } catch (error) {
      request.signal?.throwIfAborted();
      throw deadline.passed() ? failureOfTimeout(server, timeoutMs) : failureOfConnection(error, server);
    } finally {
      deadline.stop(manner.lane === 'requests');
    }
  }

  return speakAs({}, { server, send, skewMs: () => clocks.skewMs(), close: () => pool.close() });
}

interface Line extends Pick<HttpClient, 'server' | 'skewMs' | 'close'> {
  readonly send: <T>(
    request: ApiRequest,
    manner: Manner,
    read: (response: Dispatcher.ResponseData) => Promise<T>,
  ) => Promise<T>;
}

function speakAs(impersonation: Headers, line: Line): HttpClient {
  const { server, send, skewMs, close } = line;
  const text = (request: ApiRequest): Promise<string> =>
    send(request, { lane: 'requests', impersonation }, (response) => response.body.text());
  return {
    server,
    skewMs,
    close,
    text,
    async json(request) {
      return parseObject(await text(request), server);
    },
    stream: ({ lane = 'streams', ...request }) => send(request, { lane, impersonation }, async ({ body }) => body),
    as: (identity) => speakAs(headersOf(identity), line),
  };
}

type Headers = Readonly<Record<string, string | string[]>>;

function headersOf({ user, groups }: Identity): Headers {
  return { 'impersonate-user': user, ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }) };
}

/**
 * The API server compares what a JSON Patch tests with its own text of the object, byte for byte, in which Go has escaped these (encoding/json; seen with
 * 1.35): without it no template that holds one of them, an address with `&` say, could ever be tested and replaced. In JSON they stand only in strings.
 */
function bodyOf({ body, contentType }: ApiRequest): string | null {
  if (body === undefined || contentType !== 'application/json-patch+json') return body ?? null;
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return body.replace(/[<>&\u2028\u2029]/g, escape);
}

/** How a request is made. */
interface Manner {
  readonly lane: 'requests' | 'streams' | 'logs';
  /** Headers that say as whom. */
  readonly impersonation: Headers;
}

function laneOf({ lane, impersonation }: Manner): keyof Connections {
  return Object.keys(impersonation).length > 0 ? 'impersonated' : lane;
}

interface Attempt extends Manner {
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

async function failureOfResponse(
  response: Dispatcher.ResponseData,
  { request, server }: { readonly request: ApiRequest; readonly server: string },
): Promise<LifeguardError> {
  const header = response.headers['retry-after'];
  return failureOfAnswer(
    {
      status: response.statusCode,
      body: await response.body.text(),
      retryAfter: Array.isArray(header) ? header[0] : header,
    },
    {
      server,
      method: request.method ?? 'GET',
      path: request.path.split('?')[0] ?? request.path,
      jsonPatch: request.contentType === 'application/json-patch+json',
    },
  );
}

/** When the server refuses many requests at once, the secrets are read again once. */
function shareRereads(credentials: Credentials): (fresh: boolean) => Promise<Secrets> {
  let rereading: Promise<Secrets> | undefined;
  return function read(fresh) {
    if (!fresh) return credentials.read({ fresh });
    rereading ??= credentials.read({ fresh }).finally(() => {
      rereading = undefined;
    });
    return rereading;
  };
}

function contentType(request: ApiRequest): Record<string, string> {
  return request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' };
}

function pathWithQuery({ path, query = {} }: ApiRequest): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, value);
  }
  if (given.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${given.toString()}`;
}

function parseObject(text: string, server: string): JsonObject {
  const parsed = parseJson(text);
  if (isJsonObject(parsed)) return parsed;
  throw new LifeguardError(`What answers at ${server} is not a Kubernetes API: the answer is not a JSON object.`, {
    code: 'cluster-unreachable',
    retry: 'transient',
  });
}
