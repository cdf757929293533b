import { citableOf } from '../../src/core/citable.ts';
import type { Sentence } from '../../src/core/explanation.ts';
import type { Incident } from '../../src/core/incident.ts';
import { refKey } from '../../src/core/resource-ref.ts';

/** Digits with what joins them: `4`, `1.0.1`, `12:03:04`, `7d9f`. */
const numbers = /[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*(?:[.:,][\p{N}]+)*/gu;

/** Words that nobody writes by chance: with a mark inside, or a capital or digit after the first letter. */
const names = /[\p{L}\p{N}]+(?:[-_./:@][\p{L}\p{N}]+)+|\p{L}[\p{Ll}\p{N}]*\p{Lu}[\p{L}\p{N}]*/gu;

const quotations = /"([^"]+)"/g;

/** Abbreviations of the field, UTC, in which all times are, and words with a dash that are plain English. */
const plain = new Set(
  'CPU DNS HTTP HTTPS IP JSON OOM OOMKilled SQL TLS URL UTC API ID AI out-of-memory read-only'.split(' '),
);

/**
 * What of a sentence does not stand in what it cites, by a rule that shares nothing with the product's: each id is there, and each number, name and quotation
 * is in the text, the source or the time of what is cited, letter by letter. Stricter than the product, which also takes `5,000 ms` for `5 s`.
 */
export function unsupportedIn({ text, evidence }: Sentence, incident: Incident): readonly string[] {
  const known = citableOf(incident);
  const unknown = evidence.filter((id) => known.every((one) => one.id !== id));
  const cited = known.filter(({ id, kind }) => evidence.includes(id) && kind !== 'opinion');
  const stand = cited.map((one) => `${one.source}\n${one.text}\n${at(one.at)}`).join('\n');
  const basis = flatten(`${refKey(incident.subject)}\n${stand}\n${evidence.join(' ')}`);
  const parts = [
    text.match(numbers) ?? [],
    text.match(names) ?? [],
    [...text.matchAll(quotations)].map(quoteOf),
  ].flat();
  const missing = parts.filter((part) => !plain.has(part) && !basis.includes(flatten(part)));
  return [...(cited.length === 0 ? ['nothing is cited'] : []), ...unknown, ...new Set(missing)];
}

function quoteOf([, words = '']: RegExpMatchArray): string {
  return words;
}

function at(time: number | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString();
}

function flatten(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/\s+/g, ' ').toLowerCase();
}
