import { expect, it } from 'vitest';
import type { Attempt, Ledger, RevisionHealth } from '../../src/core/ports/ledger.ts';

const start = Date.parse('2026-03-02T10:00:00Z');
const minute = 60_000;

function anAttempt(minutes: number, overrides: Partial<Attempt> = {}): Attempt {
  const at = start + minutes * minute;
  return {
    at,
    namespaces: ['shop'],
    subject: 'Deployment shop/checkout',
    cause: 'crash-loop',
    executionId: `run-${minutes}`,
    ...overrides,
  };
}

/** What every ledger of attempts promises. `open` answers an empty one. */
export function describeLedger(open: () => Promise<Ledger>): void {
  it('lists the attempts of a window, its first moment included, oldest first', async () => {
    const ledger = await open();
    expect(await ledger.attempts(0)).toEqual([]);
    for (const minutes of [30, 10, 20, 0]) await ledger.record(anAttempt(minutes));
    expect(await ledger.attempts(0)).toEqual([0, 10, 20, 30].map((minutes) => anAttempt(minutes)));
    expect(await ledger.attempts(start + 20 * minute)).toEqual([anAttempt(20), anAttempt(30)]);
    expect(await ledger.attempts(start + 20 * minute + 1)).toEqual([anAttempt(30)]);
    expect(await ledger.attempts(start + 31 * minute)).toEqual([]);
  });

  it('counts an execution once, however often it is recorded, as it was first', async () => {
    const ledger = await open();
    const again = Array.from({ length: 50 }, (_, number) => anAttempt(5, { at: start + number * minute }));
    await ledger.record(anAttempt(5));
    await Promise.all(again.map((attempt) => ledger.record(attempt)));
    expect(await ledger.attempts(0)).toEqual([anAttempt(5)]);
  });

  it('forgets what was withdrawn, and lets it be recorded again', async () => {
    const ledger = await open();
    await ledger.record(anAttempt(5));
    await ledger.record(anAttempt(6));
    await ledger.withdraw('run-5');
    await ledger.withdraw('run-unknown');
    expect(await ledger.attempts(0)).toEqual([anAttempt(6)]);
    await ledger.record(anAttempt(7, { executionId: 'run-5' }));
    expect(await ledger.attempts(0)).toHaveLength(2);
  });

  it('counts each of fifty executions of the same moment', async () => {
    const ledger = await open();
    const attempts = Array.from({ length: 50 }, (_, number) => anAttempt(1, { executionId: `run-${number}` }));
    await Promise.all(attempts.map((attempt) => ledger.record(attempt)));
    expect(await ledger.attempts(start)).toHaveLength(50);
  });

  it('remembers attempts for a week, whatever came since', async () => {
    const ledger = await open();
    const week = 7 * 24 * 60;
    await ledger.record(anAttempt(0));
    await ledger.record(anAttempt(week));
    expect(await ledger.attempts(start)).toHaveLength(2);
  });
}

/** What every memory of revisions promises. */
export function describeRevisionHealth(open: () => Promise<RevisionHealth>): void {
  it('knows the last judgement of each revision of a workload, and of no other', async () => {
    const health = await open();
    await health.mark({ workloadUid: 'uid-1', revision: 1, health: 'healthy' });
    await health.mark({ workloadUid: 'uid-1', revision: 2, health: 'healthy' });
    await health.mark({ workloadUid: 'uid-1', revision: 2, health: 'bad' });
    expect(await health.known('uid-1')).toEqual(
      new Map([
        [1, 'healthy'],
        [2, 'bad'],
      ]),
    );
    expect((await health.known('uid-2')).size).toBe(0);
  });
}
