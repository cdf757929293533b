import { expect, it } from 'vitest';
import type { MaintenanceBoard } from '../../src/core/ports/maintenance-board.ts';

export interface MaintenanceBoardUnderTest {
  readonly board: MaintenanceBoard;
  /** The board's own time, epoch milliseconds. */
  readonly now: number;
}

/** What every maintenance board promises. `open` answers an empty one. */
export function describeMaintenanceBoard(open: () => Promise<MaintenanceBoardUnderTest>): void {
  it('keeps one announcement for each namespace, the last', async () => {
    const { board, now } = await open();
    const shop = { namespace: 'shop', until: now + 60_000, by: 'U_BEN', reason: 'moving' };
    await board.announce({ ...shop, reason: 'first' });
    await board.announce(shop);
    await board.announce({ ...shop, namespace: 'web' });
    const known = await board.all();
    expect(known.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1))).toEqual([
      shop,
      { ...shop, namespace: 'web' },
    ]);
  });

  it('forgets what has ended', async () => {
    const { board, now } = await open();
    const shop = { namespace: 'shop', until: now + 60_000, by: 'U_BEN', reason: 'moving' };
    await board.announce(shop);
    await board.announce({ ...shop, until: now });
    expect(await board.all()).toEqual([]);
  });
}
