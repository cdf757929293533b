import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type JsonObject, readString } from '../../src/core/json.ts';
import { readArgs, readBody, readUpload } from './http-body.ts';
import type { RequestLog } from './request-log.ts';
import { useResponseUrl } from './response-url.ts';
import { answerCall } from './web-api/dispatch.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** Handles a request, or returns false to leave it to the next. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

interface Parts {
  readonly world: World;
  readonly log: RequestLog;
  /** The web page and its control API; tried before Slack's own paths, also during an outage. */
  readonly pages: Route;
  /** Where others find it, where that is not this machine's loopback. */
  readonly origin: string | undefined;
}

/** The HTTP and WebSocket face of the local Slack, on loopback unless it is to be reached under another name. */
export class SlackServer {
  readonly #server: Server;
  readonly #parts: Parts;
  readonly #stopping = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, stream, head) => {
      if (parts.world.callFaults.outage === undefined) parts.world.sockets.upgrade(request, stream, head);
      else stream.destroy();
    });
  }

  async listen(port: number): Promise<void> {
    const host = this.#parts.origin === undefined ? '127.0.0.1' : '0.0.0.0';
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  get origin(): string {
    return this.#parts.origin ?? `http://127.0.0.1:${portOf(this.#server.address())}`;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#parts.world.sockets.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', this.origin);
      if (await this.#parts.pages(request, response, url)) return;
      await this.#answerSlack(request, response, url);
    } catch (error) {
      if (this.#stopping.signal.aborted || response.destroyed) return;
      sendJson(response, 500, { ok: false, error: error instanceof Error ? error.message : 'internal_error' });
    }
  }

  async #answerSlack(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const outage = this.#parts.world.callFaults.outage;
    if (outage === 'reset') {
      request.socket.destroy();
      return;
    }
    if (outage === 'unavailable') {
      sendJson(response, 503, { ok: false, error: 'service_unavailable' });
      return;
    }
    const [, area = '', name = ''] = url.pathname.split('/');
    if (area === 'api') await this.#answerApi(request, response, name);
    else if (area === 'response') await this.#answerResponse(request, response, name);
    else if (area === 'upload') await this.#takeUpload(request, response, name);
    else sendJson(response, 404, { ok: false, error: 'not_found' });
  }

  async #answerApi(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
    const { world, log } = this.#parts;
    const started = performance.now();
    const args = readArgs(request.headers['content-type'] ?? '', (await readBody(request)).toString('utf8'));
    const delay = world.callFaults.delayOf(method);
    if (delay > 0) await pause(delay, undefined, { signal: this.#stopping.signal });
    const answer = answerCall({ method, token: tokenOf(request, args), args }, world);
    const error = readString(answer.body, 'error');
    log.add({ method, ok: error === undefined, error, ms: Math.round(performance.now() - started) });
    if (answer.status === 0) {
      request.socket.destroy();
      return;
    }
    for (const [header, value] of Object.entries(answer.headers)) response.setHeader(header, value);
    sendJson(response, answer.status, answer.body);
  }

  async #answerResponse(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const args = readArgs(request.headers['content-type'] ?? '', (await readBody(request)).toString('utf8'));
    const { status, text } = useResponseUrl(this.#parts.world, id, args);
    response.writeHead(status, { 'content-type': status === 200 ? 'text/plain' : 'application/json' }).end(text);
  }

  async #takeUpload(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const body = await readBody(request);
    const content = await readUpload(request.headers['content-type'] ?? '', body);
    const known = this.#parts.world.files.receive(id, content);
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'text/plain' })
      .end(known ? `OK - ${body.length}` : 'unknown');
  }
}

function sendJson(response: ServerResponse, status: number, body: Wire): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function tokenOf(request: IncomingMessage, args: JsonObject): string | undefined {
  const header = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
  return header ?? (typeof args['token'] === 'string' ? args['token'] : undefined);
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
