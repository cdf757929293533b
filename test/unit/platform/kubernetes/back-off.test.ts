import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackOff } from '../../../../src/platform/kubernetes/back-off.ts';

test('delays double from 200 ms to 30 s and begin again after a success', () => {
  const backOff = createBackOff(() => 0);
  const delays = Array.from({ length: 10 }, () => backOff.failed());
  expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  backOff.succeeded();
  expect(backOff.failed()).toBe(200);
});

test('jitter takes away at most half, and what the server asked for is kept', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 200 }), (random, failures) => {
      const backOff = createBackOff(() => random);
      for (let failure = 0; failure < failures; failure += 1) backOff.failed();
      const delay = backOff.failed();
      expect(delay).toBeGreaterThanOrEqual(100);
      expect(delay).toBeLessThanOrEqual(30_000);
      expect(backOff.failed(60_000)).toBe(60_000);
    }),
  );
});
