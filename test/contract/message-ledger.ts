import { expect, it } from 'vitest';
import type { Delivery, MessageLedger } from '../../src/core/ports/message-ledger.ts';

export interface MessageLedgerUnderTest {
  readonly ledger: MessageLedger;
  /** Time passes for whatever the ledger holds. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Slow enough that none comes back while the test asks: a Redis has its own time. */
const bucket = { name: 'post-C_OPS', perMinute: 1, burst: 3 };
const delivery: Delivery = {
  channel: 'C_OPS',
  version: 2,
  entries: { root: { ts: '1.2', digest: 'x' }, evidence: { digest: 'y' } },
  link: 'https://slack.local/p1',
  toldAt: 5,
};

/** What every message ledger promises to the outbox. `open` answers an empty one. */
export function describeMessageLedger(open: () => Promise<MessageLedgerUnderTest>): void {
  it('knows where the messages of an incident are, those under way included', async () => {
    const { ledger } = await open();
    expect(await ledger.read('inc-1')).toBeUndefined();
    await ledger.write('inc-1', { ...delivery, version: 1 });
    await ledger.write('inc-1', delivery);
    expect(await ledger.read('inc-1')).toEqual(delivery);
    expect(await ledger.read('inc-2')).toBeUndefined();
  });

  it('lets one of fifty work on an incident, and turns the others away at once', async () => {
    const { ledger } = await open();
    const others = Promise.withResolvers<void>();
    let inside = 0;
    const first = ledger.exclusively('inc-1', async () => {
      inside += 1;
      await others.promise;
    });
    const turnedAway = await Promise.all(
      Array.from({ length: 49 }, () => ledger.exclusively('inc-1', async () => void (inside += 1))),
    );
    others.resolve();
    expect([await first, new Set(turnedAway), inside]).toEqual([true, new Set([false]), 1]);
  });

  it('does not keep work on different incidents apart', async () => {
    const { ledger } = await open();
    let inner = false;
    await ledger.exclusively('inc-1', async () => {
      inner = await ledger.exclusively('inc-2', async () => undefined);
    });
    expect(inner).toBe(true);
  });

  it('gives an incident free after the work, also after work that failed', async () => {
    const { ledger } = await open();
    const failing = ledger.exclusively('inc-1', async () => {
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await ledger.exclusively('inc-1', async () => undefined)).toBe(true);
    expect(await ledger.exclusively('inc-1', async () => undefined)).toBe(true);
  });

  it('gives out a burst, then says how long the next token takes', async () => {
    const { ledger, pass } = await open();
    const taken = [await ledger.take(bucket), await ledger.take(bucket), await ledger.take(bucket)];
    expect(taken).toEqual([0, 0, 0]);
    const wait = await ledger.take(bucket);
    expect(wait).toBeGreaterThan(30_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    await pass(wait);
    expect(await ledger.take(bucket)).toBe(0);
    expect(await ledger.take(bucket)).toBeGreaterThan(0);
  });

  it('gives a burst to fifty who ask at the same time, no more', async () => {
    const { ledger } = await open();
    const waits = await Promise.all(Array.from({ length: 50 }, () => ledger.take(bucket)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(bucket.burst);
  });

  it('does not save up more than a burst', async () => {
    const { ledger, pass } = await open();
    await ledger.take(bucket);
    await pass(600_000);
    const waits = [];
    for (let number = 0; number < 5; number += 1) waits.push(await ledger.take(bucket));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(bucket.burst);
  });

  it('keeps buckets apart', async () => {
    const { ledger } = await open();
    for (let number = 0; number < 4; number += 1) await ledger.take(bucket);
    expect(await ledger.take({ ...bucket, name: 'edit' })).toBe(0);
  });

  it('gives nothing out while a bucket is held, and says for how long', async () => {
    const { ledger, pass } = await open();
    await ledger.hold(bucket.name, 90_000);
    const wait = await ledger.take(bucket);
    expect(wait).toBeGreaterThan(60_000);
    expect(wait).toBeLessThanOrEqual(90_000);
    expect(await ledger.take({ ...bucket, name: 'edit' })).toBe(0);
    await pass(wait);
    expect(await ledger.take(bucket)).toBe(0);
  });
}
