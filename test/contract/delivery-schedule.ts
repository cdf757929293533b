import { expect, it } from 'vitest';
import type { DeliverySchedule } from '../../src/core/ports/delivery-schedule.ts';

const due = { channel: 'C_OPS', incidentId: 'inc-1', version: 3 };

/** What every schedule promises to the outbox. `open` answers an empty one. */
export function describeDeliverySchedule(open: () => Promise<DeliverySchedule>): void {
  it('knows what waits for which channel, the newest version only, in whatever order it is told', async () => {
    const schedule = await open();
    await schedule.mark(due);
    await schedule.mark({ ...due, version: 5 });
    await schedule.mark({ ...due, version: 4 });
    await schedule.mark({ ...due, incidentId: 'inc-2', version: 1 });
    await schedule.mark({ ...due, channel: 'C_DEV', incidentId: 'inc-3' });
    expect(await schedule.waiting('C_OPS')).toEqual(
      new Map([
        ['inc-1', 5],
        ['inc-2', 1],
      ]),
    );
    expect(await schedule.waiting('C_DEV')).toEqual(new Map([['inc-3', 3]]));
    expect(new Set(await schedule.channels())).toEqual(new Set(['C_OPS', 'C_DEV']));
  });

  it('forgets what has been told, but not what is newer', async () => {
    const schedule = await open();
    await schedule.mark({ ...due, version: 5 });
    await schedule.clear({ ...due, version: 4 });
    expect(await schedule.waiting('C_OPS')).toEqual(new Map([['inc-1', 5]]));
    await schedule.clear({ ...due, version: 5 });
    await schedule.clear({ ...due, incidentId: 'inc-9' });
    expect(await schedule.waiting('C_OPS')).toEqual(new Map());
    expect(await schedule.channels()).toEqual([]);
  });

  it('loses none of fifty marks that come at the same time', async () => {
    const schedule = await open();
    const ids = Array.from({ length: 50 }, (_, index) => `inc-${index}`);
    await Promise.all(ids.map((incidentId) => schedule.mark({ ...due, incidentId })));
    expect((await schedule.waiting('C_OPS')).size).toBe(50);
  });

  it('says since when something waits; a newer version does not make it younger', async () => {
    const schedule = await open();
    expect(await schedule.oldest()).toBeUndefined();
    await schedule.mark(due);
    const first = await schedule.oldest();
    await schedule.mark({ ...due, version: 9 });
    await schedule.mark({ ...due, channel: 'C_DEV', incidentId: 'inc-2' });
    expect([typeof first, await schedule.oldest()]).toEqual(['number', first]);
    await schedule.clear({ ...due, version: 9 });
    expect(await schedule.oldest()).toBeGreaterThanOrEqual(first ?? 0);
  });
}
