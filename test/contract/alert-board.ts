import { expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { AlertBoard } from '../../src/core/ports/alert-board.ts';

const began = 1_772_445_600_000;

function anAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    fingerprint: 'f1',
    state: 'firing',
    labels: { alertname: 'KubePodCrashLooping', namespace: 'shop' },
    summary: 'Pod is crash looping.',
    description: '',
    startsAt: began,
    heardAt: began + 1_000,
    repeats: 1,
    ...overrides,
  };
}

/** What every alert board promises. `open` answers an empty one. */
export function describeAlertBoard(open: () => Promise<AlertBoard>): void {
  it('keeps what was said, and folds repeats into a counter', async () => {
    const board = await open();
    await board.take([anAlert(), anAlert({ fingerprint: 'f2' })]);
    await board.take([anAlert({ heardAt: began + 9_000 })]);
    const all = await board.all();
    expect(all.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))).toEqual([
      anAlert({ heardAt: began + 9_000, repeats: 2 }),
      anAlert({ fingerprint: 'f2' }),
    ]);
  });

  it('has another version only when something changed', async () => {
    const board = await open();
    const versions = [await board.version()];
    const resolved = anAlert({ state: 'resolved', endsAt: began + 60_000 });
    for (const alert of [anAlert(), resolved]) {
      await board.take([alert]);
      versions.push(await board.version());
    }
    expect(new Set(versions).size).toBe(3);
    await board.take([resolved, anAlert()]);
    await board.take([]);
    expect(await board.version()).toBe(versions[2]);
  });

  it('keeps the newest beginning, whatever the order', async () => {
    const board = await open();
    const again = anAlert({ startsAt: began + 600_000, heardAt: began + 601_000 });
    await board.take([again]);
    await board.take([anAlert({ state: 'resolved', endsAt: began + 300_000 }), anAlert()]);
    expect(await board.all()).toEqual([again]);
  });

  it('loses nothing when several tell at once', async () => {
    const board = await open();
    const said = Array.from({ length: 20 }, (_one, index) => anAlert({ heardAt: began + index }));
    await Promise.all(said.map((alert) => board.take([alert, anAlert({ fingerprint: `g${alert.heardAt}` })])));
    const all = await board.all();
    expect(all).toHaveLength(21);
    expect(all.find(({ fingerprint }) => fingerprint === 'f1')?.repeats).toBe(20);
  });

  it('forgets what it is told to', async () => {
    const board = await open();
    await board.take([anAlert(), anAlert({ fingerprint: 'f2' })]);
    await board.forget(['f1', 'unknown']);
    await board.forget([]);
    expect(await board.all()).toEqual([anAlert({ fingerprint: 'f2' })]);
  });

  it('refuses the whole batch when there is no room, and still folds what it knows', async () => {
    const board = await open();
    const many = Array.from({ length: 9_999 }, (_one, index) => anAlert({ fingerprint: `m${index}`, summary: '' }));
    await board.take(many);
    const batch = [anAlert({ fingerprint: 'n1' }), anAlert({ fingerprint: 'n2' })];
    await expect(board.take(batch)).rejects.toMatchObject({ code: 'store-full', retry: 'transient' });
    expect(await board.all()).toHaveLength(9_999);
    await board.take([anAlert({ fingerprint: 'm0', state: 'resolved', endsAt: began })]);
    expect((await board.all()).filter(({ state }) => state === 'resolved')).toHaveLength(1);
  });
}
