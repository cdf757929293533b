import { expect, it } from 'vitest';
import type { StormBoard } from '../../src/core/ports/storm-board.ts';
import type { Weather } from '../../src/core/weather.ts';

/** What every storm board promises to the outbox. `open` answers an empty one. */
export function describeStormBoard(open: () => Promise<StormBoard>): void {
  it('keeps the weather of each channel', async () => {
    const board = await open();
    const member = {
      id: 'inc-1',
      severity: 'warning',
      title: 'shop/app: crash loop',
      namespace: 'shop',
      openedAt: 1,
      joinedAt: 2,
      open: true,
      asks: false,
      rooted: false,
      called: [{ group: 'S_ONCALL' }, { pager: true }],
    } as const;
    const storm = { id: 'storm-1', phase: 'raging', since: 1, pacedAt: 0, members: [member] } as const;
    const weather: Weather = { recent: [{ ...member, rooted: true, link: 'https://slack.local/p1' }], storm };
    await board.write('C_OPS', weather);
    expect(await board.read('C_OPS')).toEqual(weather);
    expect(await board.read('C_DEV')).toEqual({ recent: [] });
  });
}
