import { describe, expect, it } from 'vitest';
import { createDeliverySchedule } from '../../src/platform/redis/delivery-schedule.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeDeliverySchedule } from '../support/fakes/delivery-schedule.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeDeliverySchedule } from './delivery-schedule.ts';

describe('the fake delivery schedule', () => {
  describeDeliverySchedule(async () => createFakeDeliverySchedule(createSteppedClock()));
});

describe('a delivery schedule in Redis', () => {
  describeDeliverySchedule(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createDeliverySchedule(redis, keyspace);
  });

  it('says that Redis is away', async () => {
    const { redis, keyspace } = await openTestRedis();
    const schedule = createDeliverySchedule(redis, keyspace);
    redis.disconnect();
    for (const asked of [schedule.waiting('C_OPS'), schedule.oldest()]) {
      expect((await failureOf(asked)).code).toBe('store-unreachable');
    }
  });
});
