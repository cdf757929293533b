import { describe, expect, it } from 'vitest';
import { createIncidentIndex } from '../../src/platform/redis/incident-index.ts';
import { createFakeIncidentIndex } from '../support/fakes/incident-index.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeIncidentIndex } from './incident-index.ts';

describe('the fake index of incidents', () => {
  describeIncidentIndex(async () => createFakeIncidentIndex());
});

describe('an index of incidents in Redis', () => {
  describeIncidentIndex(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createIncidentIndex(redis, keyspace);
  });

  it('says that Redis is away, at once', async () => {
    const { redis, keyspace } = await openTestRedis();
    const index = createIncidentIndex(redis, keyspace);
    redis.disconnect();
    const claim = { fingerprint: 'fingerprint-1', id: 'inc-1', replaces: undefined };
    for (const asked of [index.find('x'), index.claim(claim), index.open(), index.setOpen('inc-1', true)]) {
      expect((await failureOf(asked)).code).toBe('store-unreachable');
    }
  });
});
