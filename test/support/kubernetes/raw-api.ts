import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { createConnectionPool } from '../../../src/platform/kubernetes/connections.ts';
import type { Credentials } from '../../../src/platform/kubernetes/secrets.ts';

export interface RawRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  /** In place of the credentials' own. */
  readonly authorization?: string;
  /** Besides the usual ones. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface RawAnswer {
  readonly status: number;
  /** Empty where the answer is not JSON. */
  readonly body: JsonObject;
  readonly text: string;
}

interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** An API server as it answers, without our client's judgement. */
export interface RawApi {
  call(request: RawRequest): Promise<RawAnswer>;
  /** The events of a watch until the server ends it or `until` says so. */
  watch(request: string | RawRequest, until?: (event: WatchEvent) => boolean): Promise<readonly WatchEvent[]>;
  close(): Promise<void>;
}

export function openRawApi(credentials: Credentials): RawApi {
  const pool = createConnectionPool(credentials, 5_000);

  async function send({
    method = 'GET',
    path,
    body,
    contentType = 'application/json',
    authorization,
    headers: own = {},
  }: RawRequest) {
    const secrets = await credentials.read({ fresh: false });
    const sent = authorization === undefined ? secrets : { ...secrets, cert: undefined, key: undefined };
    const headers = {
      accept: 'application/json',
      'user-agent': 'contract',
      ...secrets.headers,
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...(authorization === undefined ? {} : { authorization }),
      ...own,
    };
    const content = body === undefined ? null : JSON.stringify(body);
    const { requests, impersonated } = pool.for(sent);
    const connections = own['impersonate-user'] === undefined ? requests : impersonated;
    return await connections.request({ origin: credentials.server, path, method, headers, body: content });
  }

  return {
    async call(request) {
      const response = await send(request);
      const text = await response.body.text();
      return { status: response.statusCode, body: parse(text), text };
    },
    async watch(request, until = () => false) {
      const response = await send(typeof request === 'string' ? { path: request } : request);
      const events: WatchEvent[] = [];
      let rest = '';
      for await (const chunk of response.body) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const event of lines.map((line) => eventOf(line))) {
          events.push(event);
          if (until(event)) return events;
        }
      }
      return events;
    },
    close: () => pool.close(),
  };
}

function eventOf(line: string): WatchEvent {
  const { type, object } = parse(line);
  return { type: typeof type === 'string' ? type : '', object: isJsonObject(object) ? object : {} };
}

function parse(text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
