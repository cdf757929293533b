import { describe, expect, it } from 'vitest';
import { createReceipts } from '../../src/platform/redis/receipts.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeReceipts } from '../support/fakes/receipts.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { age, openTestRedis } from '../support/redis.ts';
import { describeReceipts } from './receipts.ts';

describe('fake receipts', () => {
  describeReceipts(async () => {
    const clock = createSteppedClock();
    return { receipts: createFakeReceipts(clock), pass: async (ms) => clock.advance(ms) };
  });
});

describe('receipts in Redis', () => {
  describeReceipts(async () => {
    const store = await openTestRedis();
    return { receipts: createReceipts(store.redis, store.keyspace), pass: (ms) => age(store, ms) };
  });

  it('say that Redis is away, rather than that an id is new', async () => {
    const { redis, keyspace } = await openTestRedis();
    redis.disconnect();
    const failure = await failureOf(createReceipts(redis, keyspace).take('a', 60_000));
    expect(failure).toMatchObject({ code: 'store-unreachable', retry: 'transient' });
  });
});
