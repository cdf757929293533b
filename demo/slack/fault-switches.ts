import type { CallFaults } from './faults.ts';
import type { DisconnectReason, Sockets } from './sockets.ts';
import type { World } from './world.ts';

/** Faults on demand, for tests and the demo. */
export class FaultSwitches {
  readonly #calls: CallFaults;
  readonly #sockets: Sockets;
  readonly #changed: () => void;

  constructor(world: World) {
    this.#calls = world.callFaults;
    this.#sockets = world.sockets;
    this.#changed = () => world.changes.changed();
  }

  /** The next call of `method` (`*`: any) answers with `status` and has no effect. */
  failNext(method: string, status = 500): void {
    this.#calls.failNext(method, status);
  }

  /** The next call of `method` takes effect, but the caller gets `status`; 0 cuts the connection. */
  loseReplyOfNext(method: string, status = 500): void {
    this.#calls.loseReplyOfNext(method, status);
  }

  /** The next call of `method` answers 429; `null` leaves the Retry-After header out. */
  rateLimitNext(method: string, retryAfterSeconds: number | null = 1): void {
    this.#calls.rateLimitNext(method, retryAfterSeconds ?? undefined);
  }

  /** Every call of `method` (`*`: any) takes `ms` real milliseconds longer; 0 ends it. */
  slow(method: string, ms: number): void {
    this.#calls.slow(method, ms);
  }

  /** Tells the oldest connection, or all, to reconnect. */
  disconnect(reason: DisconnectReason = 'refresh_requested', which: 'oldest' | 'all' = 'oldest'): void {
    this.#sockets.disconnect(reason, which);
  }

  /** Cuts every connection without a word. */
  dropSockets(): void {
    this.#sockets.drop();
  }

  /** New connections hear hello this much later. */
  delayHello(ms: number): void {
    this.#sockets.helloDelayMs = ms;
  }

  /** The next envelope arrives twice; for an event the second says retry_attempt 1. */
  duplicateNextEnvelope(): void {
    this.#sockets.duplicateNext();
  }

  /** The app's next acknowledgement never reaches Slack: the person sees an error. */
  loseNextAck(): void {
    this.#sockets.loseNextAck();
  }

  /** Ends all armed faults and an outage. */
  clear(): void {
    this.#calls.clear();
    this.#sockets.helloDelayMs = 0;
    this.#changed();
  }
}
