import { describe, expect, it } from 'vitest';
import { createAlertBoard } from '../../src/platform/redis/alert-board.ts';
import { createFakeAlertBoard } from '../support/fakes/alert-board.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeAlertBoard } from './alert-board.ts';

describe('the fake alert board', () => {
  describeAlertBoard(async () => createFakeAlertBoard());
});

describe('an alert board in Redis', () => {
  describeAlertBoard(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createAlertBoard(redis, keyspace);
  });

  it('says that what is kept is damaged', async () => {
    const { redis, keyspace } = await openTestRedis();
    await redis.hset(keyspace.key('alerts'), 'f1', '{"fingerprint":1}');
    const failure = await failureOf(createAlertBoard(redis, keyspace).all());
    expect(failure).toMatchObject({ code: 'record-conflict', retry: 'permanent' });
  });
});
