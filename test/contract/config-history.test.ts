import { describe, expect, it } from 'vitest';
import { createConfigHistory } from '../../src/platform/redis/config-history.ts';
import { createFakeConfigHistory } from '../support/fakes/config-history.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeConfigHistory } from './config-history.ts';

const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const content = { data: { mode: 'a' }, binaryData: {} };

describe('the fake history of ConfigMaps', () => {
  describeConfigHistory(async () => createFakeConfigHistory());
});

describe('a history of ConfigMaps in Redis', () => {
  describeConfigHistory(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createConfigHistory(redis, keyspace);
  });

  it('is forgotten 90 days after its ConfigMap was seen last', async () => {
    const { redis, keyspace } = await openTestRedis();
    const history = createConfigHistory(redis, keyspace);
    await history.keep(settings, content, 1);
    const keys = await redis.keys(keyspace.key('config-*'));
    expect(keys).toHaveLength(2);
    for (const renewal of [() => history.keep(settings, content, 2), () => history.renew([settings])]) {
      for (const key of keys) await redis.expire(key, 60);
      await renewal();
      for (const key of keys) expect((await redis.ttl(key)) / 86_400).toBeCloseTo(90, 1);
    }
  });

  it('says that Redis is away', async () => {
    const { redis, keyspace } = await openTestRedis();
    const history = createConfigHistory(redis, keyspace);
    redis.disconnect();
    expect((await failureOf(history.read(settings))).code).toBe('store-unreachable');
  });
});
