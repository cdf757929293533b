import { describe, expect, it } from 'vitest';
import { createStormBoard } from '../../src/platform/redis/storm-board.ts';
import { createFakeStormBoard } from '../support/fakes/storm-board.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeStormBoard } from './storm-board.ts';

describe('the fake storm board', () => {
  describeStormBoard(async () => createFakeStormBoard());
});

describe('a storm board in Redis', () => {
  describeStormBoard(async () => {
    const { redis, keyspace } = await openTestRedis();
    return createStormBoard(redis, keyspace);
  });

  it('says which weather is damaged, and that Redis is away', async () => {
    const { redis, keyspace } = await openTestRedis();
    const board = createStormBoard(redis, keyspace);
    await redis.set(keyspace.key('weather', 'C_OPS'), '{"recent":');
    expect(await failureOf(board.read('C_OPS'))).toMatchObject({ code: 'record-conflict' });
    redis.disconnect();
    expect((await failureOf(board.read('C_DEV'))).code).toBe('store-unreachable');
  });
});
