import { expect, test } from 'vitest';
import { createLogPosition } from '../../../../src/platform/kubernetes/log-position.ts';

const from = Date.parse('2026-11-29T23:05:00.500Z');

function line(time: string) {
  return { at: Date.parse(time), stamp: time };
}

test('starts where it is told to, and drops what is older', () => {
  const position = createLogPosition(from, () => from);
  expect(new Date(position.since()).toISOString()).toBe('2026-11-29T23:05:00.000Z');
  expect(position.take(line('2026-11-29T23:05:00.499999999Z'))).toBe(false);
  expect(position.take(line('2026-11-29T23:05:00.500000000Z'))).toBe(true);
});

test('one line from the future does not hide those that come after it', () => {
  const position = createLogPosition(from, () => from + 10_000);
  position.take(line('2036-01-01T00:00:00Z'));
  position.reopen();
  expect(position.since()).toBeLessThan(from + 10_000);
  expect(position.take(line('2026-11-29T23:05:05.000000000Z'))).toBe(true);
  expect(position.take(line('2036-01-01T00:00:00Z'))).toBe(false);
});

test('a clock that is ahead all the time is believed', () => {
  const position = createLogPosition(from, () => from);
  for (let ahead = 3_600; ahead < 3_700; ahead += 1) {
    position.take({ at: from + ahead * 1_000, stamp: `${ahead}` });
  }
  expect(position.since()).toBeGreaterThan(from + 3_600_000);
  position.reopen();
  expect(position.take({ at: from + 3_699_000, stamp: '3699' })).toBe(false);
});
