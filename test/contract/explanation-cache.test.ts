import { describe, expect, it } from 'vitest';
import { createExplanationCache } from '../../src/platform/redis/explanation-cache.ts';
import { createFakeExplanationCache } from '../support/fakes/explanation-cache.ts';
import { age, openTestRedis } from '../support/redis.ts';
import { describeExplanationCache } from './explanation-cache.ts';

describe('the fake cache of explanations', () => {
  describeExplanationCache(async () => createFakeExplanationCache(3));
});

describe('the cache of explanations in Redis', () => {
  const bounds = { keepMs: 60_000, most: 3 };

  describeExplanationCache(async () => createExplanationCache({ ...(await openTestRedis()), ...bounds }));

  it('forgets what nobody has kept for a while', async () => {
    const store = await openTestRedis();
    const cache = createExplanationCache({ ...store, ...bounds });
    const draft = { summary: [], hypotheses: [], proposals: [], outside: true };
    await cache.keep('a', { draft, usage: { calls: 1, inputTokens: 1, outputTokens: 1 } });
    await age(store, 60_000);
    expect(await cache.read('a')).toBeUndefined();
  });
});
