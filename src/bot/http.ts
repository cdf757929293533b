import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeError, LifeguardError } from '../core/errors.ts';
import { receive, type Webhook } from './webhook.ts';

/** Undefined when all is well, otherwise what is wrong in one sentence. */
type Check = () => Promise<string | undefined> | string | undefined;

export interface HttpOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Name -> check. A live process that fails one should be restarted. */
  readonly health: Readonly<Record<string, Check>>;
  /** Name -> check. One that fails keeps this process out of rotation. */
  readonly readiness: Readonly<Record<string, Check>>;
  /** Text in Prometheus' exposition format. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** Path -> what other systems send there; default none. */
  readonly webhooks?: Readonly<Record<string, Webhook>>;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that takes longer to arrive is ended, milliseconds. */
const requestTimeoutMs = 30_000;

/** Serves `/healthz`, `/readyz`, `/metrics` and the webhooks. Fails with `config-invalid` where the port is taken. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const routes: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': () => runChecks(options.health),
    '/readyz': () => runChecks(options.readiness),
    '/metrics': async () => ({ status: 200, ...(await options.metrics()) }),
  };
  const webhooks = new Map(Object.entries(options.webhooks ?? {}));
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const webhook = webhooks.get(path);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const route = reads ? routes[path] : undefined;
    void answer(response, webhook === undefined ? route : () => answerWebhook(request, webhook));
  });
  await listen(server, options.port);
  return { port: portOf(server.address()), close: () => close(server) };
}

async function answerWebhook(request: IncomingMessage, webhook: Webhook): Promise<Answer> {
  const { status, text, contentType, headers = {} } = await receive(request, webhook);
  return contentType === undefined ? { ...plain(status, text), headers } : { status, body: text, contentType, headers };
}

async function answer(response: ServerResponse, route: (() => Promise<Answer>) | undefined): Promise<void> {
  const {
    status,
    contentType,
    body,
    headers = {},
  } = await (route?.() ?? Promise.resolve(plain(404, 'not found'))).catch((error: unknown) =>
    plain(500, describeError(error)),
  );
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store', ...headers }).end(body);
}

function plain(status: number, text: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
}

async function runChecks(checks: Readonly<Record<string, Check>>): Promise<Answer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, problem: await runSafely(check) })),
  );
  const problems = results.filter(({ problem }) => problem !== undefined);
  if (problems.length === 0) return plain(200, 'ok');
  return plain(503, problems.map(({ name, problem }) => `${name}: ${problem}`).join('\n'));
}

async function runSafely(check: Check): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return describeError(error);
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      const why = taken ? `Port ${port} is already in use` : `Port ${port} cannot be opened (${cause.message})`;
      reject(
        new LifeguardError(`${why}. Set PORT to a free one.`, { code: 'config-invalid', retry: 'permanent', cause }),
      );
    });
    server.listen(port, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
