import { describe, expect, it } from 'vitest';
import { createModelBudget } from '../../src/platform/redis/model-budget.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeModelBudget } from '../support/fakes/model-budget.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeModelBudget } from './model-budget.ts';

const limits = { purpose: 'explanations', callsPerDay: 5, callsPerIncident: 2 } as const;

describe('the fake budget of the model', () => {
  describeModelBudget(async () => {
    const clock = createSteppedClock();
    const nextDay = async (): Promise<void> => clock.advance(86_400_000);
    return { budget: createFakeModelBudget(clock, limits), nextDay };
  });
});

describe('the budget of the model in Redis', () => {
  describeModelBudget(async () => {
    const { redis, keyspace } = await openTestRedis();
    const nextDay = async (): Promise<void> => void (await redis.hincrby(keyspace.key('model-budget'), 'day', -1));
    return { budget: createModelBudget(redis, keyspace, limits), nextDay };
  });

  it('counts questions about an incident apart, and in the same day', async () => {
    const { redis, keyspace } = await openTestRedis();
    const explanations = createModelBudget(redis, keyspace, limits);
    const questions = createModelBudget(redis, keyspace, { ...limits, purpose: 'questions' });
    expect([await questions.take('a'), await questions.take('a'), await questions.take('a')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await explanations.take('a'), await explanations.take('a')]).toEqual([true, true]);
    expect([await questions.take('b'), await explanations.take('b')]).toEqual([true, false]);
  });

  it('is not spent, and does not say yes, while Redis is away', async () => {
    const { redis, keyspace } = await openTestRedis();
    redis.disconnect();
    const failure = await failureOf(createModelBudget(redis, keyspace, limits).take('a'));
    expect(failure).toMatchObject({ code: 'store-unreachable', retry: 'transient' });
  });
});
