import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the fake API server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  json(status: number, body: object, headers?: Readonly<Record<string, string>>): void;
  text(status: number, body: string): void;
  /** Starts an answer that goes on. */
  stream(): Stream;
}

export interface Stream {
  event(type: string, object: object): void;
  raw(text: string | Buffer): void;
  /** Ends as a server does at its timeout. */
  end(): void;
  /** Breaks the TCP connection. */
  reset(): void;
  /** Aborts when the client is gone. */
  readonly closed: AbortSignal;
}

export interface FakeApi {
  readonly url: string;
  readonly received: readonly Received[];
  /** TCP connections since the start. */
  readonly connections: number;
  /** TCP connections that are open now. */
  readonly open: number;
  close(): Promise<void>;
}

export type Handler = (request: Received, reply: Reply) => void;

/** An HTTP(S) server on loopback that answers as `handle` says; a handler that does nothing leaves the request hanging. */
export async function startFakeApi(
  handle: Handler,
  tls?: { readonly key: string; readonly cert: string },
): Promise<FakeApi> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const { method = 'GET', headers } = request;
      const seen = { method, path: url.pathname, query: url.searchParams, headers, body };
      received.push(seen);
      handle(seen, createReply(response));
    });
  }
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${portOf(server.address())}`,
    received,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function createReply(response: ServerResponse): Reply {
  function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  }
  return {
    text,
    json: (status, body, headers) => text(status, JSON.stringify(body), headers),
    stream() {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      function raw(chunk: string | Buffer): void {
        if (!response.writableEnded) response.write(chunk);
      }
      return {
        raw,
        event: (type, object) => raw(`${JSON.stringify({ type, object })}\n`),
        end: () => void response.end(),
        reset: () => void response.socket?.resetAndDestroy(),
        closed: gone.signal,
      };
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A `Status` as the API server words failures. */
export function status(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}
