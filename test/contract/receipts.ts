import { expect, it } from 'vitest';
import type { Receipts } from '../../src/core/ports/receipts.ts';

export interface ReceiptsUnderTest {
  readonly receipts: Receipts;
  /** Time passes for what was taken. */
  readonly pass: (ms: number) => Promise<void>;
}

/** What all receipts promise to who must not take a thing twice. `open` answers empty ones. */
export function describeReceipts(open: () => Promise<ReceiptsUnderTest>): void {
  it('gives each id to one only, however many ask at once', async () => {
    const { receipts } = await open();
    const taken = await Promise.all(Array.from({ length: 20 }, () => receipts.take('a', 60_000)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await receipts.take('a', 60_000)).toBe(false);
    expect(await receipts.take('b', 60_000)).toBe(true);
  });

  it('remembers an id for as long as it was taken, and a later try does not make it longer', async () => {
    const { receipts, pass } = await open();
    expect(await receipts.has('a')).toBe(false);
    await receipts.take('a', 60_000);
    await pass(50_000);
    expect(await receipts.take('a', 60_000)).toBe(false);
    expect([await receipts.has('a'), await receipts.has('b')]).toEqual([true, false]);
    await pass(10_000);
    expect(await receipts.has('a')).toBe(false);
    expect(await receipts.take('a', 60_000)).toBe(true);
  });
}
