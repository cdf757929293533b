import { describe } from 'vitest';
import { createMaintenanceBoard } from '../../src/platform/redis/maintenance-board.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { createFakeMaintenanceBoard } from '../support/fakes/maintenance-board.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeMaintenanceBoard } from './maintenance-board.ts';

describe('the fake maintenance board', () => {
  describeMaintenanceBoard(async () => {
    const clock = createSteppedClock();
    return { board: createFakeMaintenanceBoard(clock), now: clock.now() };
  });
});

describe('a maintenance board in Redis', () => {
  describeMaintenanceBoard(async () => {
    const { redis, keyspace } = await openTestRedis();
    return { board: createMaintenanceBoard(redis, keyspace), now: Date.now() };
  });
});
