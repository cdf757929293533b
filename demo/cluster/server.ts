import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Requester } from './access.ts';
import { type Answer, failureAnswer } from './answers.ts';
import type { Outcome } from './api.ts';
import type { Audit } from './audit.ts';
import type { Certificate } from './certificate.ts';
import { ApiFailure, statusBody } from './failure.ts';
import type { FaultSwitches } from './faults.ts';
import type { LogReading } from './logs.ts';
import type { ApiRequest } from './request.ts';
import type { Tokens } from './tokens.ts';
import type { Watching } from './watches.ts';

export interface ServerTools {
  readonly certificate: Certificate;
  readonly tokens: Tokens;
  readonly faults: FaultSwitches;
  readonly audit: Audit;
  /** As whom a request is answered. Throws `ApiFailure`. */
  readonly impersonate: (requester: Requester, headers: IncomingMessage['headersDistinct']) => Requester;
  readonly answer: (request: ApiRequest) => Outcome;
  readonly watch: (watching: Watching, query: URLSearchParams, response: ServerResponse) => void;
  readonly log: (log: LogReading, response: ServerResponse) => void;
}

export interface ApiServer {
  readonly url: string;
  /** Breaks every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** Serves the API on loopback over TLS. */
export async function startServer(tools: ServerTools, port: number): Promise<ApiServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ ...tools.certificate, keepAliveTimeout: 90_000 }, (request, response) => {
    void handle(tools, request, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (tools.faults.isUnreachable) socket.destroy();
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: `https://127.0.0.1:${portOf(server)}`,
    cut,
    async stop() {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function handle(tools: ServerTools, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(message).catch(() => undefined);
  if (body === undefined) return;
  const { pathname: path, searchParams: query } = new URL(message.url ?? '/', 'https://simulated');
  const { method = 'GET', headers } = message;
  const user = tools.tokens.userOf(headers.authorization);
  const request = { method, path, query, headers, body, user: user ?? 'system:anonymous', groups: [] };
  const record = tools.audit.begin(request);
  const fault = await tools.faults.intercept(method, path);
  if (fault === 'reset') {
    message.socket.destroy();
    return;
  }
  const outcome = fault ?? (user === undefined ? unauthorized() : decide(tools, request, message.headersDistinct));
  if ('watch' in outcome) {
    record(200);
    tools.watch(outcome, query, response);
    return;
  }
  if ('log' in outcome) {
    record(200);
    tools.log(outcome.log, response);
    return;
  }
  record(outcome.code);
  send(response, outcome);
}

function decide(tools: ServerTools, request: ApiRequest, headers: IncomingMessage['headersDistinct']): Outcome {
  try {
    return tools.answer({ ...request, ...tools.impersonate(request, headers) });
  } catch (error) {
    if (error instanceof ApiFailure) return failureAnswer(error.body, error.headers);
    const text = error instanceof Error ? error.message : String(error);
    return failureAnswer(
      statusBody({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${text}` }),
    );
  }
}

function unauthorized(): Answer {
  return failureAnswer(statusBody({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' }));
}

function send(response: ServerResponse, { code, body, contentType, headers }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(code, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, private',
  });
  response.end(body);
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
