import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Records } from '../../src/core/ports/records.ts';

/** A record of these tests. */
export const Tally = z.object({ id: z.string(), version: z.number(), count: z.number(), notes: z.array(z.string()) });
export type Tally = z.infer<typeof Tally>;

export function aTally(id: string): Tally {
  return { id, version: 1, count: 0, notes: [] };
}

function countUp(tally: Tally): Tally {
  return { ...tally, count: tally.count + 1 };
}

/** The rule of these tests for who waits. */
export function isOdd({ count }: Tally): boolean {
  return count % 2 === 1;
}

/** What every store of records promises. `open` answers an empty one whose records wait while they are odd. */
export function describeRecords(open: () => Promise<Records<Tally>>): void {
  it('keeps what was created, and creates an id once', async () => {
    const records = await open();
    expect(await records.create(aTally('a'))).toBe(true);
    expect(await records.create({ ...aTally('a'), count: 7 })).toBe(false);
    expect(await records.get('a')).toEqual(aTally('a'));
  });

  it('creates an id once for fifty who try at the same time', async () => {
    const records = await open();
    const tries = Array.from({ length: 50 }, (_, count) => records.create({ ...aTally('a'), count }));
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  it('does not know what was never created', async () => {
    const records = await open();
    await records.create(aTally('a'));
    expect(await records.get('b')).toBeUndefined();
    expect(await records.update('b', countUp)).toBeUndefined();
    expect(await records.get('b')).toBeUndefined();
  });

  it('raises the version with each change, whatever the change says of it', async () => {
    const records = await open();
    await records.create(aTally('a'));
    expect(await records.update('a', countUp)).toEqual({ ...aTally('a'), count: 1, version: 2 });
    await records.update('a', (tally) => ({ ...countUp(tally), version: 99 }));
    expect(await records.get('a')).toEqual({ ...aTally('a'), count: 2, version: 3 });
  });

  it('counts each of fifty changes at the same time', async () => {
    const records = await open();
    await records.create(aTally('a'));
    const changed = await Promise.all(Array.from({ length: 50 }, () => records.update('a', countUp)));
    expect(await records.get('a')).toMatchObject({ count: 50, version: 51 });
    expect(new Set(changed.map((tally) => tally?.version)).size).toBe(50);
  });

  it('leaves a record alone whose change says so, or throws', async () => {
    const records = await open();
    await records.create(aTally('a'));
    expect(await records.update('a', (tally) => tally)).toEqual(aTally('a'));
    const refusal = records.update('a', () => {
      throw new RangeError('too much');
    });
    await expect(refusal).rejects.toThrow(RangeError);
    expect(await records.get('a')).toEqual(aTally('a'));
  });

  it('is not changed by what is done to what was handed in, and what it hands out cannot be', async () => {
    const records = await open();
    const mine = aTally('a');
    await records.create(mine);
    mine.notes.push('never stored');
    const handed = [await records.get('a'), ...(await records.many(['a'])), ...(await records.recent(1))];
    expect(handed).toEqual([aTally('a'), aTally('a'), aTally('a')]);
    for (const one of handed) expect(() => one?.notes.push('nor this')).toThrow(TypeError);
    expect(await records.get('a')).toEqual(aTally('a'));
  });

  it('gives many at once, in the order asked for, without those that do not exist', async () => {
    const records = await open();
    for (const id of ['a', 'b', 'c']) await records.create(aTally(id));
    await records.update('b', countUp);
    expect(await records.many([])).toEqual([]);
    expect((await records.many(['c', 'never', 'b'])).map(({ id, count }) => [id, count])).toEqual([
      ['c', 0],
      ['b', 1],
    ]);
  });

  it('finds those that wait, however many came after them, the longest waiting first', async () => {
    const records = await open();
    expect(await records.waiting()).toEqual([]);
    for (const id of ['first', 'second']) await records.create({ ...aTally(id), count: 1 });
    await records.create({ ...aTally('first'), count: 2 });
    for (let number = 0; number < 250; number += 1) await records.create(aTally(`later-${number}`));
    await records.update('later-7', countUp);
    await records.update('first', (tally) => ({ ...tally, notes: ['still'] }));
    expect((await records.waiting()).map(({ id }) => id)).toEqual(['first', 'second', 'later-7']);
    await records.update('first', countUp);
    expect((await records.waiting()).map(({ id }) => id)).toEqual(['second', 'later-7']);
  });

  it('lists the newest first by creation, as many as asked for', async () => {
    const records = await open();
    expect(await records.recent(5)).toEqual([]);
    const ids = ['m', 'z', 'a', 'q', 'b'];
    for (const id of ids) await records.create(aTally(id));
    await records.update('z', countUp);
    expect((await records.recent(5)).map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await records.recent(50)).map(({ count }) => count)).toEqual([0, 0, 0, 1, 0]);
    expect((await records.recent(2)).map(({ id }) => id)).toEqual(['b', 'q']);
  });
}
