import { describe, expect, it } from 'vitest';
import { createControls } from '../../src/platform/redis/controls.ts';
import { createFakeControls } from '../support/fakes/controls.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeControls, engaged } from './controls.ts';

async function openControls() {
  const { redis, keyspace } = await openTestRedis();
  const controls = createControls(redis, keyspace);
  await controls.initialise();
  return { controls, redis, key: keyspace.key('kill-switch') };
}

describe('the fake controls', () => {
  describeControls(async () => {
    const controls = createFakeControls();
    return { controls, lose: async () => controls.lose() };
  });
});

describe('controls in Redis', () => {
  describeControls(async () => {
    const { controls, redis, key } = await openControls();
    return { controls, lose: async () => void (await redis.del(key)) };
  });

  it('that were never set up are not off', async () => {
    const { redis, keyspace } = await openTestRedis();
    expect((await failureOf(createControls(redis, keyspace).killSwitch())).code).toBe('record-conflict');
  });

  it('stay engaged when another process starts', async () => {
    const { controls } = await openControls();
    await controls.setKillSwitch(engaged);
    await Promise.all(Array.from({ length: 10 }, () => controls.initialise()));
    expect(await controls.killSwitch()).toEqual(engaged);
  });

  it.each(['', 'off', '{"engaged":false', '{}', '{"engaged":"false"}', '{"engaged":true}', 'null', '[]'])(
    'do not take a damaged state for off: %s',
    async (text) => {
      const { controls, redis, key } = await openControls();
      await redis.set(key, text);
      expect((await failureOf(controls.killSwitch())).code).toBe('record-conflict');
      await controls.initialise();
      expect((await failureOf(controls.killSwitch())).code).toBe('record-conflict');
    },
  );

  it('say that Redis is away, at once', async () => {
    const { controls, redis } = await openControls();
    redis.disconnect();
    for (const asked of [controls.killSwitch(), controls.setKillSwitch(engaged), controls.initialise()]) {
      expect((await failureOf(asked)).code).toBe('store-unreachable');
    }
  });
});
