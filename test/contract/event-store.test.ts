import { describe, expect, it } from 'vitest';
import { createEventStore } from '../../src/platform/redis/event-store.ts';
import { createFakeEventStore } from '../support/fakes/event-store.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeEventStore } from './event-store.ts';

const bounds = { keepMs: 3_600_000, most: 100 };

describe('the fake event store', () => {
  describeEventStore(async () => createFakeEventStore(bounds));
});

describe('an event store in Redis', () => {
  describeEventStore(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createEventStore({ redis, keyspace, ...bounds });
  });

  it('says that Redis is away', async () => {
    const { redis, keyspace } = await openTestRedis();
    const store = createEventStore({ redis, keyspace, ...bounds });
    redis.disconnect();
    expect((await failureOf(store.read(0))).code).toBe('store-unreachable');
  });
});
