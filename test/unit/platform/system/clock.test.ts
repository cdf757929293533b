import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../src/platform/system/clock.ts';
import { soon } from '../../../support/patience.ts';

const day = 24 * 3600 * 1000;

afterEach(() => {
  vi.useRealTimers();
});

/** Rings after so many milliseconds by the system's clock. */
function ring(ms: number) {
  const rings: number[] = [];
  const due = systemClock.now() + ms;
  const cancel = systemClock.schedule(due, () => void rings.push(systemClock.now() - due));
  return { rings, cancel };
}

describe('the clock of the system', () => {
  it('tells the time of day in whole milliseconds', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
    expect(Number.isInteger(systemClock.now())).toBe(true);
  });

  it.each([-day, day])('is not moved by a correction of the wall clock (%i ms)', async (correction) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const before = systemClock.now();
    const { rings } = ring(20);
    vi.setSystemTime(Date.now() + correction);
    expect(systemClock.now() - before).toBeLessThan(1_000);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    expect(rings).toEqual([]);
    await vi.waitFor(() => expect(rings).toHaveLength(1), soon);
  });

  describe('over a long time', () => {
    const toFake = ['setTimeout', 'clearTimeout', 'performance'] as const;

    it('waits longer than one timer can, and rings once, at or after its time', () => {
      vi.useFakeTimers({ toFake: [...toFake] });
      const { rings } = ring(60 * day);
      vi.advanceTimersByTime(59 * day);
      expect(rings).toEqual([]);
      vi.advanceTimersByTime(2 * day);
      expect(rings).toHaveLength(1);
      expect(rings[0]).toBeGreaterThanOrEqual(0);
    });

    it('does not ring once it is called off, not even after the first of several waits', () => {
      vi.useFakeTimers({ toFake: [...toFake] });
      const { rings, cancel } = ring(60 * day);
      vi.advanceTimersByTime(30 * day);
      cancel();
      vi.advanceTimersByTime(60 * day);
      expect(rings).toEqual([]);
    });
  });

  it('rings soon for a time that has passed, but never before the caller goes on', async () => {
    const { rings } = ring(-5_000);
    expect(rings).toEqual([]);
    await vi.waitFor(() => expect(rings).toHaveLength(1), soon);
  });
});
