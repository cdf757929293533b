import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../../src/analysis/logs/numbers.ts';

function numbers(message: string, fields: Readonly<Record<string, string | number | boolean>> = {}) {
  return numbersOf({ at: 0, level: 'info', message, fields }).map(({ name, value, unit }) => [name, value, unit]);
}

describe('the numbers of a line', () => {
  it.each([
    ['GET /pay took 5021 ms', [['took', 5021, 'ms']]],
    ['request finished in 1.25s', [['request finished', 1.25, 's']]],
    ['cache hit rate: 12.5%', [['hit rate', 12.5, '%']]],
    ['pool active 20/20', [['pool active', 100, '% of all']]],
    ['connection pool exhausted (20 of 20 in use)', [['pool exhausted', 100, '% of all']]],
    [
      'heap_used=512MB queue_depth=17',
      [
        ['heap_used', 512, 'MB'],
        ['queue_depth', 17, ''],
      ],
    ],
  ])('%s', (line, found) => {
    expect(numbers(line)).toEqual(found);
  });

  it.each([
    'listening on 10.0.0.1:8080',
    'version 1.2.3 of app-7d9f',
    '2026-03-02T10:00:00Z',
    'see /orders/4711',
    'id 3f2a-11',
  ])('none that means anything in: %s', (line) => {
    expect(numbers(line).filter(([name, , unit]) => name !== '' || unit !== '')).toEqual([]);
  });

  it('of a structured log have the names and units of their fields', () => {
    expect(numbers('handled', { duration_ms: 523, status: 200, path: '/pay' })).toEqual([
      ['duration_ms', 523, 'ms'],
      ['status', 200, ''],
    ]);
  });

  it('end where enough are found, also in a hostile line', () => {
    expect(numbers(`x ${'took 1 ms '.repeat(100_000)}`)).toHaveLength(8);
    expect(numbers(`${'a'.repeat(1_000_000)} 1 ms`)).toEqual([]);
  });
});
