import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviationOf } from '../../../src/analysis/baseline.ts';
import { eventRate } from '../../../src/analysis/detectors/event-rate.ts';
import type { EventRecord } from '../../../src/core/event-record.ts';
import { countRates } from '../../../src/signals/rate-stream.ts';
import { aRevision, checkout, minutes, now, viewOf } from '../../support/views.ts';

const detector = eventRate.configure({});
const old = [aRevision(2, { createdAt: now - 24 * 60 * minutes })];

/** Warnings by buckets of ten minutes, the newest first; the oldest bucket has at least a normal Event, so that it is known. */
function recordsOf(counts: readonly number[], type = 'Warning'): readonly EventRecord[] {
  const owner = { kind: 'Deployment', name: 'checkout' };
  const base = { namespace: 'shop', kind: 'Pod', name: 'checkout-1', owner, note: 'x' };
  return counts.flatMap((times, bucket) => {
    const at = now - bucket * 10 * minutes - 1;
    const said = times === 0 ? { type: 'Normal', reason: 'Pulled', times: 1 } : { type, reason: 'Unhealthy', times };
    return [{ ...base, ...said, id: `${bucket}`, at }];
  });
}

function judge(counts: readonly number[], { type = 'Warning', revision = old } = {}) {
  const rate = countRates([...recordsOf(counts, type)], now);
  const view = viewOf({ rate, revision });
  return detector.evaluate({ subject: checkout, view, now }).findings;
}

const quiet = Array.from({ length: 60 }, () => 0);
const noisy = Array.from({ length: 60 }, (_, index) => 30 + (index % 7));

describe('a rate far from its own past', () => {
  it('is said with the numbers', () => {
    expect(judge([38, ...quiet])).toEqual([
      expect.objectContaining({
        kind: 'event-rate',
        cause:
          '38 warnings in 10 minutes; in the 10 h before it were 0 at most times and never more than 0.\nMostly: Unhealthy 38.',
      }),
    ]);
    expect(judge([500, ...noisy])).toHaveLength(1);
    expect(judge([20, ...quiet], { type: 'Restart' })[0]?.kind).toBe('restart-rate');
  });

  it.each([
    ['a few on a quiet day', [6, ...quiet]],
    ['what is noisy every day', [36, ...noisy]],
    ['what was as bad before', [38, ...quiet.toSpliced(20, 1, 40)]],
    ['too short a past', [38, 0, 0, 0, 0]],
    ['nothing lately', [0, 0, 38, ...quiet]],
  ])('is not seen in %s', (_name, counts) => {
    expect(judge(counts)).toEqual([]);
  });

  it('may come with a release, and is not said then', () => {
    expect(judge([38, ...quiet], { revision: [aRevision(3, { createdAt: now - 5 * minutes })] })).toEqual([]);
  });
});

describe('the deviation', () => {
  it('does not change with the order of the past, and grows with the count', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 3 }), fc.nat(500), fc.nat(500), (history, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const forward = deviationOf(low, history);
        expect(forward).toEqual(deviationOf(low, history.toReversed()));
        expect(deviationOf(high, history).score).toBeGreaterThanOrEqual(forward.score);
        expect(Number.isFinite(forward.score)).toBe(true);
      }),
    );
  });

  it('is small for counts of a steady process: in a week of ten-minute buckets it says nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 80 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (mean, chance) => {
          const next = (): number => poisson(mean, chance);
          const week = Array.from({ length: 288 }, next);
          const [count = 0, ...history] = week;
          const { score, highest } = deviationOf(count, history);
          expect(score < 10 || count <= highest).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** Knuth's method: multiplies chances until they are less than e^-mean. */
function poisson(mean: number, chance: Iterator<number>): number {
  const limit = Math.exp(-mean);
  let [product, count] = [1, 0];
  for (; count < 400; count += 1) {
    product *= Number(chance.next().value ?? 0);
    if (product <= limit) break;
  }
  return count;
}
