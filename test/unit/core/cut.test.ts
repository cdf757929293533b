import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, cutMiddle, cutStart } from '../../../src/core/cut.ts';

/** One character to people, eight UTF-16 units. */
const family = '👨‍👩‍👧';

describe('a text that is cut', () => {
  it('is what it was where it is short enough', () => {
    expect([cut('abc', 3), cutStart('abc', 3), cutMiddle('abc', 3)]).toEqual(['abc', 'abc', 'abc']);
  });

  it('says where something is missing, within its limit', () => {
    expect(cut('0123456789', 5)).toBe('0123…');
    expect(cut('0123456789', 5, '')).toBe('01234');
    expect(cut('0123456789', 5, ' …')).toBe('012 …');
    expect(cutStart('0123456789', 5)).toBe('…6789');
    expect(cutMiddle('0123456789abcdef', 13, 0.25)).toBe('01\n[…]\nabcdef');
  });

  it.each([
    ['an emoji of several', family, 8],
    ['a flag', '🇨🇭', 4],
    ['a letter with its accent', 'e\u0301', 2],
    ['a line end of Windows', '\r\n', 2],
  ])('does not end inside %s', (_what, character, length) => {
    const places = Array.from({ length }, (_, index) => index);
    const heads = places.map((more) => cut(`ab${character}cd`, 2 + more, ''));
    expect(new Set(heads)).toEqual(new Set(['ab']));
    const tails = places.map((more) => cutStart(`ab${character}cd`, 3 + more));
    expect(new Set(tails)).toEqual(new Set(['…cd']));
    expect(cut(`ab${character}cd`, 2 + length, '')).toBe(`ab${character}`);
    expect(cutStart(`ab${character}cd`, 3 + length)).toBe(`…${character}cd`);
  });

  it('does not grow with a character that never ends', () => {
    const tower = `a${'\u0301'.repeat(500)}`;
    expect(cut(tower, 100)).toHaveLength(100);
  });

  it('may have all of its room for its beginning', () => {
    expect(cutMiddle('0123456789🇨🇭', 9, 1)).toBe('0123\n[…]\n');
  });

  it('may be cut to nothing', () => {
    expect(cut('abc', 1)).toBe('…');
    expect(cut(family, 4, '')).toBe('');
  });

  it('is never longer than asked for, never broken, and its pieces are those of the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', 'é', 'e\u0301', '🙂', family, '🇨🇭', '한'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 6, max: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (whole, limit, share) => {
          const [head, tail] = [cut(whole, limit, ''), cutStart(whole, limit)];
          const both = cutMiddle(whole, limit, share);
          for (const one of [head, tail, both]) {
            expect(one.length).toBeLessThanOrEqual(limit);
            expect(one.isWellFormed()).toBe(true);
          }
          expect(whole.startsWith(head)).toBe(true);
          expect(whole.endsWith(tail.replace(/^…/, ''))).toBe(true);
          const [first = '', last = ''] = both.split('\n[…]\n');
          expect(whole.startsWith(first) && whole.endsWith(last)).toBe(true);
        },
      ),
    );
  });
});
