import { describe, expect, it } from 'vitest';
import { createStatusBoard } from '../../src/platform/redis/status-board.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeStatusBoard } from '../support/fakes/status-board.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { age, openTestRedis } from '../support/redis.ts';
import { describeStatusBoard } from './status-board.ts';

describe('the fake status board', () => {
  describeStatusBoard(async () => {
    const clock = createSteppedClock();
    return { board: createFakeStatusBoard(clock), pass: async (ms) => clock.advance(ms) };
  });
});

describe('a status board in Redis', () => {
  describeStatusBoard(async () => {
    const store = await openTestRedis();
    return { board: createStatusBoard(store.redis, store.keyspace), pass: (ms) => age(store, ms) };
  });

  it('says that the status is damaged', async () => {
    const { redis, keyspace } = await openTestRedis();
    await redis.set(keyspace.key('status'), '{"at":"noon"}');
    const failure = await failureOf(createStatusBoard(redis, keyspace).read());
    expect(failure).toMatchObject({ code: 'record-conflict', retry: 'permanent' });
    expect(failure.message).toContain(keyspace.key('status'));
  });
});
