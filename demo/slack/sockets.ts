import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import type { Changes } from './changes.ts';
import type { Limits } from './limits.ts';
import { app } from './seed.ts';
import type { Violations } from './violations.ts';
import type { Wire } from './wire.ts';

export interface Envelope {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Wire;
  readonly retryAttempt?: number | undefined;
  readonly retryReason?: string | undefined;
}

/** How the app took an envelope. Only `late` is its fault: a vanished connection is not. */
export type Delivery =
  | { readonly state: 'acked'; readonly payload: JsonObject }
  | { readonly state: 'late' | 'connection-lost' | 'not-connected' };

export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

interface Connection {
  readonly id: number;
  readonly socket: WebSocket;
  /** Hello was said and no disconnect announced. */
  ready: boolean;
  /** The client answered what was sent after hello, so it has read hello. */
  settled: boolean;
  readonly pending: Map<string, (delivery: Delivery) => void>;
}

interface SocketDeps {
  readonly changes: Changes;
  readonly violations: Violations;
  readonly limits: Limits;
}

const pingEveryMs = 10_000;

/** The app's Socket Mode connections. Each envelope goes to exactly one, in turn. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #connections: Connection[] = [];
  readonly #pinging: NodeJS.Timeout;
  readonly #deps: SocketDeps;
  readonly #onReady: () => void;
  #turn = 0;
  #lastConnection = 0;
  #delivered: readonly Delivered[] = [];
  #duplicateNext = false;
  #loseNextAck = false;
  helloDelayMs = 0;

  constructor(deps: SocketDeps, onReady: () => void) {
    this.#deps = deps;
    this.#onReady = onReady;
    this.#pinging = setInterval(() => this.#connections.forEach(({ socket }) => socket.ping()), pingEveryMs);
    this.#pinging.unref();
  }

  get count(): number {
    return this.#ready().length;
  }

  /** Connections whose client has certainly read hello. */
  get settledCount(): number {
    return this.#ready().filter((connection) => connection.settled).length;
  }

  /** Which connection got which envelope, oldest first. */
  get delivered(): readonly Delivered[] {
    return this.#delivered;
  }

  openTicket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) {
      stream.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#accept(socket));
  }

  /** Sends one envelope and waits for its acknowledgement, at most `limits.ackMs`. */
  async deliver(envelope: Envelope): Promise<Delivery> {
    const connection = this.#next();
    if (connection === undefined) return { state: 'not-connected' };
    const delivery = this.#send(connection, envelope);
    if (this.#duplicateNext) {
      this.#duplicateNext = false;
      void this.#send(this.#next() ?? connection, { ...envelope, retryAttempt: 1, retryReason: 'timeout' });
    }
    return await delivery;
  }

  /** The next envelope arrives twice, the second time marked as a retry. */
  duplicateNext(): void {
    this.#duplicateNext = true;
  }

  /** The next acknowledgement gets lost on its way; the person sees an error although the app did its part. */
  loseNextAck(): void {
    this.#loseNextAck = true;
  }

  /** Announces the end of the oldest connection (or of all), as Slack does every few hours. */
  disconnect(reason: DisconnectReason, which: 'oldest' | 'all' = 'oldest'): void {
    const ready = this.#ready();
    for (const connection of which === 'all' ? ready : ready.slice(0, 1)) this.#announceEnd(connection, reason);
  }

  /** Cuts every connection without a word. */
  drop(): void {
    for (const connection of this.#connections.toReversed()) connection.socket.terminate();
  }

  stop(): void {
    clearInterval(this.#pinging);
    this.drop();
    this.#server.close();
  }

  #accept(socket: WebSocket): void {
    this.#lastConnection += 1;
    const connection: Connection = {
      id: this.#lastConnection,
      socket,
      ready: false,
      settled: false,
      pending: new Map(),
    };
    this.#connections.push(connection);
    socket.on('message', (data: Buffer) => this.#receive(connection, data.toString()));
    socket.on('close', () => this.#forget(connection));
    socket.on('error', () => socket.terminate());
    if (this.#ready().length >= this.#deps.limits.connections) {
      this.#announceEnd(connection, 'too_many_websockets');
      return;
    }
    if (this.helloDelayMs === 0) this.#greet(connection);
    else setTimeout(() => this.#greet(connection), this.helloDelayMs).unref();
  }

  #greet(connection: Connection): void {
    if (connection.socket.readyState !== connection.socket.OPEN) return;
    connection.ready = true;
    const hello = {
      type: 'hello',
      num_connections: this.count,
      connection_info: { app_id: app.id },
      debug_info: { host: 'local-slack', approximate_connection_time: 18_060 },
    };
    connection.socket.send(JSON.stringify(hello));
    connection.socket.once('pong', () => {
      connection.settled = true;
      this.#deps.changes.changed();
    });
    connection.socket.ping();
    this.#deps.changes.changed();
    this.#onReady();
  }

  #announceEnd(connection: Connection, reason: DisconnectReason): void {
    connection.ready = false;
    connection.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local-slack' } }));
    this.#deps.changes.changed();
  }

  #forget(connection: Connection): void {
    connection.ready = false;
    const index = this.#connections.indexOf(connection);
    if (index !== -1) this.#connections.splice(index, 1);
    for (const settle of connection.pending.values()) settle({ state: 'connection-lost' });
    connection.pending.clear();
    this.#deps.changes.changed();
  }

  #ready(): readonly Connection[] {
    return this.#connections.filter(({ ready, socket }) => ready && socket.readyState === socket.OPEN);
  }

  #next(): Connection | undefined {
    const ready = this.#ready();
    this.#turn += 1;
    return ready[this.#turn % Math.max(1, ready.length)];
  }

  #send(connection: Connection, envelope: Envelope): Promise<Delivery> {
    const id = randomUUID();
    this.#delivered = [...this.#delivered.slice(-199), { connection: connection.id, type: envelope.type, id }];
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        connection.pending.delete(id);
        this.#deps.violations.add('unacked', `${describe(envelope)} not acknowledged in ${this.#deps.limits.ackMs} ms`);
        resolve({ state: 'late' });
      }, this.#deps.limits.ackMs);
      connection.pending.set(id, (delivery) => {
        clearTimeout(timer);
        resolve(delivery);
      });
      connection.socket.send(JSON.stringify(toWire(id, envelope)));
    });
  }

  #receive(connection: Connection, text: string): void {
    const message: unknown = JSON.parse(text);
    const id = isJsonObject(message) ? readString(message, 'envelope_id') : undefined;
    const settle = id === undefined ? undefined : connection.pending.get(id);
    if (id === undefined || settle === undefined) return;
    connection.pending.delete(id);
    if (this.#loseNextAck) {
      this.#loseNextAck = false;
      settle({ state: 'connection-lost' });
      return;
    }
    settle({ state: 'acked', payload: readObject(message, 'payload') });
  }
}

export interface Delivered {
  readonly connection: number;
  readonly type: Envelope['type'];
  readonly id: string;
}

function toWire(id: string, envelope: Envelope): Wire {
  const retry =
    envelope.type === 'events_api'
      ? { retry_attempt: envelope.retryAttempt ?? 0, retry_reason: envelope.retryReason ?? '' }
      : {};
  return {
    envelope_id: id,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.type !== 'events_api',
    ...retry,
  };
}

function describe(envelope: Envelope): string {
  const payload = envelope.payload;
  const what =
    readString(payload, 'event', 'type') ??
    readString(payload, 'command') ??
    readString(readArray(payload, 'actions')[0], 'action_id') ??
    readString(payload, 'type');
  return `${envelope.type} ${what ?? ''}`.trim();
}
