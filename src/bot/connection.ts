import { describeError, LifeguardError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import { describeRefusedToken, retryAfterOf } from './refusals.ts';
import { backOff, wait } from './waiting.ts';

/** `refused` is final: only other tokens help. */
export type SlackState = 'connecting' | 'connected' | 'reconnecting' | 'refused' | 'stopped';

/** The socket as far as it is driven here: no reconnecting of its own, so that every failure comes back to one loop. */
export interface Socket {
  start(): Promise<unknown>;
  disconnect(): Promise<void>;
  once(event: 'disconnected', listener: () => void): unknown;
}

export interface Connecting {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onState: (state: SlackState) => void;
}

/** Tries until it works or can never work; says once that Slack is away, not at every try. */
export async function persist<T>(
  token: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN',
  attempt: () => Promise<T>,
  { clock, log, signal, onState }: Connecting,
): Promise<T | undefined> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) return undefined;
      const refusal = describeRefusedToken(error, token);
      if (refusal !== undefined)
        throw new LifeguardError(refusal, { code: 'config-invalid', retry: 'permanent', cause: error });
      if (failures === 1)
        log.warn('Slack cannot be reached; trying again until it can', { problem: describeError(error) });
      onState('reconnecting');
      await wait(Math.max(backOff(failures), retryAfterOf(error) ?? 0), clock, signal);
    }
  }
  return undefined;
}

/** A connection that ended sooner than this counts as a failed try. */
const soundMs = 10_000;
const helloMs = 10_000;

/** Keeps the socket open until `signal` aborts. Slack recycles connections every few hours: the next one is opened at once. */
export async function keepConnected(socket: Socket, connecting: Connecting): Promise<void> {
  const { clock, log, signal, onState } = connecting;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let hasty = 0;
  while (!signal.aborted) {
    const opened = await persist('SLACK_APP_TOKEN', () => open(socket, connecting), connecting);
    if (opened === undefined) return;
    const since = clock.now();
    log.info('connected to Slack');
    onState('connected');
    await Promise.race([opened.ended, aborted]);
    if (signal.aborted) return;
    log.info('the connection to Slack ended; opening the next one');
    onState('reconnecting');
    hasty = clock.now() - since < soundMs ? hasty + 1 : 0;
    if (hasty > 0) await wait(backOff(hasty), clock, signal);
  }
}

interface Opened {
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;
}

/** Opens the socket; resolves on Slack's hello, which must come in time. */
async function open(socket: Socket, { clock, signal }: Connecting): Promise<Opened> {
  const ended = new Promise<void>((resolve) => socket.once('disconnected', resolve));
  const start = socket.start().then(() => ({ ended }));
  start.catch(() => undefined);
  const settled = new AbortController();
  const timeout = wait(helloMs, clock, AbortSignal.any([signal, settled.signal]));
  const opened = await Promise.race([start, timeout]).finally(() => settled.abort());
  if (opened !== undefined) return opened;
  await close(socket, clock);
  throw new LifeguardError('Slack did not say hello in time.', { code: 'channel-unreachable', retry: 'transient' });
}

const closeMs = 3_000;

/** Closes the socket, and does not wait long for the other side to agree. */
export async function close(socket: Socket, clock: Clock): Promise<void> {
  const settled = new AbortController();
  const closing = socket.disconnect().catch(() => undefined);
  await Promise.race([closing, wait(closeMs, clock, settled.signal)]);
  settled.abort();
}
