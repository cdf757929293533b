import {
  AppsV1Api,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import type { JsonObject } from '../../core/json.ts';
import type { ApiRequest, HttpClient } from './http-client.ts';

/** Calls one operation of client-node's typed API and answers the object as the API server sent it. */
export type AppsCall = (invoke: (api: AppsV1Api) => Promise<unknown>) => Promise<JsonObject>;

/**
 * client-node's own transport (2.0.1) opens a connection for every request, has no timeouts and keeps only the fields its models know,
 * so a template read through it and written back would lose newer fields. Here its typed calls only build the request; our client sends
 * it, over pooled connections and with our failures, and the raw answer is what the caller gets.
 */
export function createAppsCall(http: HttpClient): AppsCall {
  return async function call(invoke) {
    let raw: JsonObject = {};
    const transport = wrapHttpLibrary({
      async send(context) {
        raw = await http.json(toRequest(context));
        return answerContext(raw);
      },
    });
    const configuration = createConfiguration({ baseServer: new ServerConfiguration(origin, {}), httpApi: transport });
    await invoke(new AppsV1Api(configuration));
    return raw;
  };
}

/** client-node insists on absolute addresses; ours is put in by the HTTP client. */
const origin = 'https://kubernetes';

function toRequest(context: RequestContext): ApiRequest {
  const { pathname, search } = new URL(context.getUrl());
  const body = context.getBody();
  const contentType = Object.entries(context.getHeaders()).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return {
    method: context.getHttpMethod() as NonNullable<ApiRequest['method']>,
    path: `${pathname}${search}`,
    ...(typeof body === 'string' ? { body } : {}),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

function answerContext(raw: JsonObject): ResponseContext {
  const text = JSON.stringify(raw);
  return new ResponseContext(
    200,
    { 'content-type': 'application/json' },
    {
      text: async () => text,
      binary: async () => Buffer.from(text),
      stream: () => null,
    },
  );
}
