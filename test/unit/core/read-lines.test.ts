import { describe, expect, it } from 'vitest';
import { chooseLines, redactLines } from '../../../src/core/read-lines.ts';
import { redact } from '../../../src/core/redact.ts';

const origin = { namespace: 'shop', pod: 'web-1', container: 'app' };

function linesOf(texts: readonly string[]) {
  return texts.map((text, index) => ({ ...origin, at: index, text }));
}

describe('lines without their secrets', () => {
  it('keep their times', () => {
    const redacted = redactLines(linesOf(['one', 'password=hunter22', 'three']), redact);
    expect(redacted.map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(redacted[1]?.text).toMatch(/^password=\[redacted/);
    expect(redactLines([], redact)).toEqual([]);
  });

  it('keep them also where a key of several lines became one', () => {
    const key = [
      ['-----BEGIN PRIVATE', ' KEY-----'].join(''),
      'MIIE',
      'abcd',
      ['-----END PRIVATE', ' KEY-----'].join(''),
    ];
    const redacted = redactLines(linesOf(['before', ...key, 'token=hunter22', 'after']), redact);
    expect(redacted.map(({ at, text }) => [at, text.split('[')[0]])).toEqual([
      [0, 'before'],
      [1, ''],
      [2, 'token='],
      [6, 'after'],
    ]);
  });

  it('hide a line from the middle of a key too', () => {
    const body = Buffer.from(Array.from({ length: 48 }, (_, index) => (index * 151 + 17) % 256)).toString('base64');
    expect(redactLines(linesOf([body]), redact)[0]?.text).toMatch(/^\[redacted/);
  });
});

it('of all lines the newest that are asked for are chosen, by what people may see', () => {
  const lines = linesOf(['Zero', 'one', 'password=[redacted:password]', 'three']);
  const query = { from: 0, to: 10, limit: 10 };
  expect(chooseLines(lines.toReversed(), query).map(({ at }) => at)).toEqual([0, 1, 2, 3]);
  expect(chooseLines(lines, { ...query, from: 1, to: 3 }).map(({ at }) => at)).toEqual([1, 2]);
  expect(chooseLines(lines, { ...query, limit: 1 }).map(({ at }) => at)).toEqual([3]);
  expect(chooseLines(lines, { ...query, contains: 'ZERO' }).map(({ at }) => at)).toEqual([0]);
  expect(chooseLines(lines, { ...query, contains: 'hunter22' })).toEqual([]);
  expect(chooseLines(lines, { ...query, container: 'other' })).toEqual([]);
});
