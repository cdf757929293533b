import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffOf } from '../../../src/jobs/queues.ts';

describe('the back-off of a failing job', () => {
  it('doubles from half a second to half a minute', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => backoffOf(failures, 1));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('is never longer than half a minute nor shorter than three quarters of itself', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const [wait, longest] = [backoffOf(failures, chance), backoffOf(failures, 1)];
          return wait <= longest && wait >= Math.floor(longest * 0.75) && longest <= 30_000;
        },
      ),
    );
  });
});
