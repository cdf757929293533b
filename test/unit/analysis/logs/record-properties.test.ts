import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordReader } from '../../../../src/analysis/logs/records.ts';
import type { LogLine, LogRecord } from '../../../../src/core/log-record.ts';
import { readRecords, receivedAt } from '../../../support/log-records.ts';

const headers = [
  '',
  '2026-11-29T22:55:18.123Z ',
  '2026-11-29 22:55:18,123 INFO [main] a.b.C - ',
  '2026/11/29 22:55:18 [error] 29#29: ',
  'I1129 22:55:18.123456       1 file.go:123] ',
  'Nov 29 22:55:18 host app[1]: ',
  'WARN ',
  '[2026-11-29 22:55:18 +0000] [7] [INFO] ',
  '2026-11-29T22:55:18.5Z stdout F ',
];
const starts = [
  '',
  '\tat ',
  '  ',
  'Caused by: ',
  'goroutine 1 [',
  'panic: ',
  'Traceback (most recent call last):',
  '{"msg":"',
  'msg=',
  '}',
];
const partial = '2026-11-29T22:55:18.5Z stdout P ';
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), minLength: 1, maxLength: 8 });
const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((each) => each.join(' '));
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.tuple(fc.constantFrom(...headers, partial), fc.constantFrom(...starts), words).map((parts) => parts.join('')),
);
const stream = fc
  .array(fc.tuple(anything, fc.constantFrom(0, 10, 6_000)), { maxLength: 30 })
  .map((parts) => parts.map(([text, pause], index): LogLine => ({ at: receivedAt + index * 20 + pause, text })));

function read(chunks: readonly (readonly LogLine[])[]): readonly LogRecord[] {
  const reader = createRecordReader();
  return [...chunks.flatMap((lines) => reader.push(lines)), ...reader.flush()];
}

test('how a stream is cut into pushes makes no difference', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(30)), (lines, cuts) => {
      const places = [...cuts, lines.length].toSorted((one, other) => one - other);
      const chunks = places.map((place, index) => lines.slice(places[index - 1] ?? 0, place));
      expect(read(chunks)).toEqual(read([lines]));
    }),
  );
});

test('any bytes survive as text of a bounded size', () => {
  fc.assert(
    fc.property(stream, (lines) => {
      for (const { message, at } of read([lines])) {
        expect(message).not.toMatch(/(?![\n\t])\p{Cc}/u);
        expect(message.isWellFormed()).toBe(true);
        expect(message.length).toBeLessThanOrEqual(65_536);
        expect(Number.isFinite(at)).toBe(true);
      }
    }),
  );
});

test('nothing that is no header is lost, and the order is kept', () => {
  const line = fc.tuple(fc.constantFrom(...headers), fc.constantFrom('', '\tat ', '  '), words);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const said = readRecords(lines.map((parts) => parts.join(''))).map(({ message }) => message);
      const spaces = /\s+/g;
      const wanted = lines.map(([, start, text]) => `${start}${text}`);
      expect(said.join('').replace(spaces, '')).toBe(wanted.join('').replace(spaces, ''));
    }),
  );
});

test('a value of any JSON log comes out as a field or in the message', () => {
  fc.assert(
    fc.property(fc.dictionary(word, fc.oneof(words, fc.integer(), fc.boolean())), words, (fields, msg) => {
      const [record] = readRecords([JSON.stringify({ ...fields, msg, level: 'info' })]);
      expect(record).toMatchObject({ message: msg, level: 'info', fields });
    }),
  );
});

/** Text of the kind that makes patterns backtrack; a quadratic one would take minutes for a megabyte. */
test.each([
  '',
  '2026-11-29 22:55:18 ',
  'INFO ',
  '{"a":',
  'level=info msg=',
  '10.0.0.1 - - [29/Nov/2026:22:55:18 +0000] "GET ',
  'panic: ',
])('a hostile megabyte behind "%s" takes seconds at most', (header) => {
  const pieces = [
    'a.',
    '[a]',
    '[[',
    '"a=',
    '\\"',
    '((',
    ' at a(',
    '\u001b]',
    '\u001b[;#',
    ' -',
    '::',
    '/a',
    'no error ',
    '\n at a',
    '{"a":',
  ];
  for (const piece of pieces) {
    const before = process.cpuUsage().user;
    const records = readRecords([header + piece.repeat(1_000_000 / piece.length)]);
    expect(records.length).toBeGreaterThan(0);
    expect(process.cpuUsage().user - before).toBeLessThan(5_000_000);
  }
});
