import { describe, expect, it } from 'vitest';
import { createMessageLedger } from '../../src/platform/redis/message-ledger.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeMessageLedger } from '../support/fakes/message-ledger.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { age, openTestRedis, quiet } from '../support/redis.ts';
import { describeMessageLedger } from './message-ledger.ts';

async function openLedger() {
  const store = await openTestRedis();
  const { redis, keyspace } = store;
  return { ledger: createMessageLedger(redis, keyspace, quiet), store };
}

describe('the fake message ledger', () => {
  describeMessageLedger(async () => {
    const clock = createSteppedClock();
    return { ledger: createFakeMessageLedger(clock), pass: async (ms) => clock.advance(ms) };
  });
});

describe('a message ledger in Redis', () => {
  describeMessageLedger(async () => {
    const { ledger, store } = await openLedger();
    return { ledger, pass: (ms) => age(store, ms) };
  });

  it('gives an incident to the next when its holder died, and the dead holder cannot give it away again', async () => {
    const { ledger, store } = await openLedger();
    const hung = Promise.withResolvers<void>();
    const dead = ledger.exclusively('inc-1', () => hung.promise);
    await age(store, 5_000);
    expect(await ledger.exclusively('inc-1', async () => undefined)).toBe(false);
    await age(store, 10_000);
    const successor = Promise.withResolvers<void>();
    const next = ledger.exclusively('inc-1', () => successor.promise);
    hung.resolve();
    await dead;
    expect(await ledger.exclusively('inc-1', async () => undefined)).toBe(false);
    successor.resolve();
    expect(await next).toBe(true);
  });

  it('forgets where messages are after ninety days without a change', async () => {
    const { ledger, store } = await openLedger();
    const days = 24 * 3600 * 1000;
    await ledger.write('inc-1', { channel: 'C_OPS', version: 1, entries: {} });
    await age(store, 89 * days);
    expect(await ledger.read('inc-1')).toBeDefined();
    await age(store, days);
    expect(await ledger.read('inc-1')).toBeUndefined();
  });

  it('says which delivery is damaged', async () => {
    const { ledger, store } = await openLedger();
    await store.redis.set(store.keyspace.key('delivery', 'inc-1'), '{"channel":');
    expect(await failureOf(ledger.read('inc-1'))).toMatchObject({ code: 'record-conflict', retry: 'permanent' });
  });

  it('says that Redis is away, at once, and does no work that it cannot keep to itself', async () => {
    const { ledger, store } = await openLedger();
    store.redis.disconnect();
    let worked = false;
    const work = ledger.exclusively('inc-1', async () => void (worked = true));
    for (const asked of [ledger.read('inc-1'), ledger.take({ name: 'x', perMinute: 1, burst: 1 }), work]) {
      expect((await failureOf(asked)).code).toBe('store-unreachable');
    }
    expect(worked).toBe(false);
  });
});
