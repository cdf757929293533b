import { expect, it } from 'vitest';
import { createRateLimit } from '../../../src/handlers/rate-limit.ts';

it('lets so many through in a minute, says how long to wait, and counts each person alone', () => {
  let now = 1_000;
  const limit = createRateLimit(3, { now: () => now, schedule: () => () => undefined });
  expect([limit.take('ana'), limit.take('ana'), limit.take('ana')]).toEqual([0, 0, 0]);
  now += 20_000;
  expect(limit.take('ana')).toBe(40_000);
  expect(limit.take('ben')).toBe(0);
  now += 40_000;
  expect(limit.take('ana')).toBe(0);
});
