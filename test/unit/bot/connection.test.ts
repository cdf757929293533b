import { describe, expect, it } from 'vitest';
import { keepConnected, type SlackState, type Socket } from '../../../src/bot/connection.ts';
import type { Clock } from '../../../src/core/ports/clock.ts';

/** A clock that jumps to the next appointment as soon as nothing else is to be done. */
function createJumpingClock() {
  let now = 0;
  const due: { at: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    schedule(at, callback) {
      const entry = { at, callback };
      due.push(entry);
      return () => void (due.includes(entry) && due.splice(due.indexOf(entry), 1));
    },
  };
  async function rest(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  return {
    clock,
    rest,
    async jump() {
      await rest();
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) return;
      due.splice(due.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.callback();
      await rest();
    },
  };
}

/** A socket whose starts end as the script says, one after the other; `hang` never says hello. */
function createSocket(script: readonly ('hello' | 'hang' | Error)[]) {
  const starts: number[] = [];
  let closes = 0;
  let listeners: (() => void)[] = [];
  const drop = () => {
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };
  const socket: Socket & { readonly drop: () => void } = {
    drop,
    start() {
      const step = script[starts.length] ?? 'hello';
      starts.push(starts.length);
      if (step instanceof Error) return Promise.reject(step);
      return step === 'hello' ? Promise.resolve() : new Promise(() => undefined);
    },
    async disconnect() {
      closes += 1;
      drop();
    },
    once: (_event, listener) => void listeners.push(listener),
  };
  return { socket, starts, closed: () => closes };
}

function begin(script: readonly ('hello' | 'hang' | Error)[]) {
  const time = createJumpingClock();
  const scripted = createSocket(script);
  const states: SlackState[] = [];
  const warnings: string[] = [];
  const stop = new AbortController();
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, error: ignore, warn: (message: string) => void warnings.push(message) };
  const ended = keepConnected(scripted.socket, {
    clock: time.clock,
    log,
    signal: stop.signal,
    onState: (state) => void states.push(state),
  });
  return { ...time, ...scripted, states, warnings, ended, stop: () => stop.abort() };
}

describe('keeping the connection', () => {
  it('gives up a connection that never says hello, and opens another', async () => {
    const run = begin(['hang', 'hello']);
    await run.jump();
    expect(run.clock.now()).toBe(10_000);
    expect(run.closed()).toBe(1);
    await run.jump();
    expect(run.states.at(-1)).toBe('connected');
    run.stop();
    await run.ended;
  });

  it('waits longer after each failure, never over 15 s, and warns once', async () => {
    const run = begin(Array.from({ length: 12 }, () => new Error('down')));
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const before = run.clock.now();
      await run.jump();
      waits.push(run.clock.now() - before);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(7_500);
    expect(waits[0]).toBeLessThanOrEqual(250);
    expect(run.warnings).toHaveLength(1);
    expect(run.states.at(-1)).toBe('connected');
    run.stop();
    await run.ended;
  });

  it('waits as long as Slack asks', async () => {
    const run = begin([Object.assign(new Error('slow down'), { retryAfter: 42 })]);
    await run.jump();
    expect(run.clock.now()).toBe(42_000);
    run.stop();
    await run.ended;
  });

  it('does not reopen in a tight loop when connections end at once', async () => {
    const run = begin([]);
    for (let round = 0; round < 10; round += 1) {
      await run.rest();
      run.socket.drop();
      await run.jump();
    }
    expect(run.starts.length).toBeLessThanOrEqual(11);
    expect(run.clock.now()).toBeGreaterThan(30_000);
    run.stop();
    await run.ended;
  });

  it('ends with a sentence when the token will never do', async () => {
    const run = begin([Object.assign(new Error('refused'), { data: { error: 'invalid_auth' } })]);
    await expect(run.ended).rejects.toThrow('Slack refuses SLACK_APP_TOKEN (invalid_auth).');
  });
});
