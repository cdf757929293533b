import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineParser } from '../../../../src/platform/kubernetes/line-parser.ts';

function parse(chunks: readonly Buffer[]): readonly string[] {
  const lines: string[] = [];
  const parser = createLineParser((line) => void lines.push(line));
  for (const chunk of chunks) parser.push(chunk);
  return lines;
}

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

test('lines come out whole wherever the stream is cut, inside characters too', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify({ text: `ä€😀${text}` }));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      expect(parse(split(bytes, cuts))).toEqual(lines);
    }),
  );
});

test('a line of a megabyte in chunks of a network packet', () => {
  const long = JSON.stringify({ text: 'y'.repeat(1024 * 1024) });
  const bytes = Buffer.from(`short\n${long}\nshort\n`);
  const cuts = Array.from({ length: Math.floor(bytes.length / 1400) }, (_, index) => index * 1400);
  expect(parse(split(bytes, cuts))).toEqual(['short', long, 'short']);
});

test('empty lines and a line that never ends give nothing', () => {
  expect(parse([Buffer.from('\n\r\n\none\nunfinished')])).toEqual(['one']);
});

test('a line without end is refused before it fills the memory', () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'z');
  const parser = createLineParser(() => {});
  expect(() => {
    for (let count = 0; count < 20; count += 1) parser.push(megabyte);
  }).toThrow(/longer than 16 MB/);
});
