import { expect, it } from 'vitest';
import { createOnce } from '../../../src/handlers/once.ts';
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

it('sees an id once, and remembers a bounded number of them', () => {
  const once = createOnce();
  expect([once('a'), once('a'), once('b')]).toEqual([true, false, true]);
  for (let index = 0; index < 1_000; index += 1) once(`filler ${index}`);
  expect(once('a')).toBe(true);
});
