import { describe, expect, it, vi } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { checkAlerts } from '../../../src/signals/alert-check.ts';
import { createFakeAlertBoard } from '../../support/fakes/alert-board.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { soon } from '../../support/patience.ts';

const alert: Alert = {
  fingerprint: 'a',
  state: 'firing',
  labels: { alertname: 'A' },
  summary: '',
  description: '',
  startsAt: 1,
  heardAt: 1,
  repeats: 1,
};

/** A board with one alert that fires, checked against an Alertmanager that answers as told. */
async function open(answers: () => Promise<ReadonlyMap<string, readonly string[]>>) {
  const clock = createSteppedClock();
  const board = createFakeAlertBoard();
  await board.take([alert]);
  const troubles: (string | undefined)[] = [];
  const onTrouble = (problem: string | undefined): void => void troubles.push(problem);
  let asked = 0;
  const firing = (): Promise<ReadonlyMap<string, readonly string[]>> => {
    asked += 1;
    return answers();
  };
  const alertmanager = { firing };
  checkAlerts({ board, alertmanager, clock, onTrouble, signal: new AbortController().signal });
  /** Waits for the check under way, and steps to the next. */
  async function next(): Promise<void> {
    const before = asked;
    await vi.waitFor(() => expect(clock.pending()).toBe(1), soon);
    clock.advance(30_000);
    await vi.waitFor(() => expect(asked).toBe(before + 1), soon);
    await vi.waitFor(() => expect(clock.pending()).toBe(1), soon);
  }
  const state = async (): Promise<string | undefined> => (await board.all())[0]?.state;
  return { next, state, troubles };
}

describe('an alert that nobody says has ended', () => {
  it('has ended when Alertmanager has not known it three times in a row', async () => {
    const { next, state } = await open(async () => new Map());
    await next();
    expect(await state()).toBe('firing');
    await next();
    expect(await state()).toBe('resolved');
  });

  it('goes on where Alertmanager knew it in between, as after its restart', async () => {
    const none = new Map<string, readonly string[]>();
    const firing = new Map([['a', []]]);
    const answers = [none, none, firing, none, none];
    const { next, state } = await open(async () => answers.shift() ?? firing);
    for (let round = 0; round < 5; round += 1) await next();
    expect(await state()).toBe('firing');
  });

  it('goes on while Alertmanager cannot be asked, and that is said', async () => {
    const { next, state, troubles } = await open(() => Promise.reject(new Error('away')));
    for (let round = 0; round < 4; round += 1) await next();
    expect(await state()).toBe('firing');
    expect(new Set(troubles)).toEqual(new Set(['away']));
  });
});
