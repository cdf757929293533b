import { describe, expect, it } from 'vitest';
import { createLedger, createRevisionHealth } from '../../src/platform/redis/ledger.ts';
import { createFakeLedger, createFakeRevisionHealth } from '../support/fakes/ledger.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeLedger, describeRevisionHealth } from './execution-ledger.ts';

const day = 24 * 3600 * 1000;

function anAttempt(at: number) {
  return {
    at,
    namespaces: ['shop'],
    subject: 'Deployment shop/checkout',
    cause: 'crash-loop',
    executionId: `run-${at}`,
  };
}

describe('the fake ledger', () => {
  describeLedger(async () => createFakeLedger());
  describeRevisionHealth(async () => createFakeRevisionHealth());
});

describe('a ledger in Redis', () => {
  describeLedger(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createLedger(redis, keyspace);
  });
  describeRevisionHealth(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createRevisionHealth(redis, keyspace);
  });

  it('drops what no window can reach any more', async () => {
    const { redis, keyspace } = await openTestRedis();
    const ledger = createLedger(redis, keyspace);
    for (const days of [0, 1, 2]) await ledger.record(anAttempt(days * day));
    await ledger.record(anAttempt(9 * day));
    expect(await ledger.attempts(0)).toEqual([anAttempt(2 * day), anAttempt(9 * day)]);
    expect(await redis.zcard(keyspace.key('attempts'))).toBe(2);
  });

  it('does not pass over an attempt that it cannot read: fewer attempts would allow more', async () => {
    const { redis, keyspace } = await openTestRedis();
    const ledger = createLedger(redis, keyspace);
    await ledger.record(anAttempt(day));
    await redis.hset(keyspace.key('attempt-details'), 'run-x', '{"at":"yesterday"}');
    expect(await failureOf(ledger.attempts(0))).toMatchObject({ code: 'record-conflict', retry: 'permanent' });
  });

  it('says that Redis is away, at once', async () => {
    const { redis, keyspace } = await openTestRedis();
    const ledger = createLedger(redis, keyspace);
    redis.disconnect();
    for (const asked of [ledger.attempts(0), ledger.record(anAttempt(0))]) {
      expect((await failureOf(asked)).code).toBe('store-unreachable');
    }
  });
});
