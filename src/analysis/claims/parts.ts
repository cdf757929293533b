import { digits, isUnit, readQuantity } from './quantities.ts';
import { timesIn, withoutTimes } from './times.ts';
import { acronyms, joined, kinds, numberWords, plainAfter, plainBefore, products } from './words.ts';

/** What a sentence says that can be held against evidence; a `word` is ordinary English. */
export type Part =
  | { readonly kind: 'quote' | 'link' | 'time' | 'name' | 'word'; readonly text: string }
  | { readonly kind: 'quantity'; readonly text: string; readonly readings: readonly string[] };

const quoted = /"([^"]*)"|“([^”]*)”|‘([^’]*)’|`([^`]*)`|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu;
const quoteLeft = /["“”‘`]|(?<![\p{L}\p{N}])['’]|['’](?=\s|$)(?<!s['’])/u;

/** Addresses, Slack's own tokens, mentions and links of Markdown. */
const link =
  /(?:[a-z][a-z0-9+.-]{0,20}:\/\/|\bwww\.|\bmailto:)\S*[^\s.,;:!?)\]]|<[!@#a-z][^>]*>|<[^>\s]*\|[^>]*>|(?<![\w./-])@[\w-]+|\[[^\]]*\]\([^)]*\)/gi;

/** Stands where something was taken out, so that the words around it do not become neighbours. */
const gap = '\uE000';

/** Characters that deceive, and our own mark. */
const forbidden = /(?![\n\t\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Undefined where the text cannot be taken apart: a quotation that does not end, or characters that nobody sees. */
export function partsOf(text: string): readonly Part[] | undefined {
  if (forbidden.test(text)) return undefined;
  const parts: Part[] = [];
  const take = (pattern: RegExp, kind: 'quote' | 'link', from: string): string =>
    from.replace(pattern, (match: string, ...groups: readonly unknown[]) => {
      const inner = groups.slice(0, 5).find((group) => typeof group === 'string' && kind === 'quote');
      parts.push({ kind, text: typeof inner === 'string' ? withoutStop(inner) : match });
      return ` ${gap} `;
    });
  const bare = take(link, 'link', take(quoted, 'quote', text));
  if (quoteLeft.test(bare)) return undefined;
  parts.push(...timesIn(bare).map((time) => ({ kind: 'time' as const, text: time })));
  return [...parts, ...wordsOf(withoutTimes(bare))];
}

/** A text with a gap for each quotation that `isTaken` wants out; its stop stays. `before`: all that stands before it. */
export function withoutQuotations(text: string, isTaken: (quotation: string, before: string) => boolean): string {
  let rest = '';
  let end = 0;
  for (const match of text.matchAll(quoted)) {
    const inner = match.slice(1).find((group) => group !== undefined) ?? '';
    const quotation = withoutStop(inner);
    const isOut = isTaken(quotation, text.slice(0, match.index));
    rest += text.slice(end, match.index) + (isOut ? `${gap}${inner.slice(quotation.length)}` : match[0]);
    end = match.index + match[0].length;
  }
  return rest + text.slice(end);
}

/** The stop of the sentence around a quotation may stand within it. */
function withoutStop(quotation: string): string {
  return quotation.replace(/[.,;:!?]$/, '');
}

interface Chunk {
  readonly text: string;
  /** The first of a sentence, where a capital says nothing. */
  readonly starts: boolean;
}

function chunksOf(text: string): readonly Chunk[] {
  const spread = text.replace(/[—–]|->|=>|→/g, ' ');
  let starts = true;
  return [...spread.matchAll(/[^\s;()[\]{}|…]+/g)].flatMap(([raw]) => {
    const chunk = { text: raw.replace(/^[,.~≈<>≤≥#]+|[.,:!?]+$/g, '').replace(/['’](?:s?)$/, ''), starts };
    starts = /[.!?:]$/.test(raw);
    return chunk.text === '' ? [] : [chunk];
  });
}

const pair = new RegExp(`^(${digits})[/-](${digits})(\\D{0,12})$`);

function wordsOf(text: string): readonly Part[] {
  const chunks = chunksOf(text);
  const parts: Part[] = [];
  for (let index = 0; index < chunks.length; index += 1) {
    const chunk = chunks[index];
    if (chunk === undefined) break;
    const next = chunks[index + 1]?.text;
    const unit = next !== undefined && isUnit(next) ? next : undefined;
    const found = quantitiesOf(chunk.text, unit, parts.at(-1)?.text.toLowerCase());
    if (found === undefined) {
      parts.push(wordOf(chunk));
      continue;
    }
    parts.push(...found);
    if (unit !== undefined) index += 1;
  }
  return parts;
}

/** The quantities that a chunk is; undefined where it is none. A unit that stands apart belongs to it. */
function quantitiesOf(text: string, unit: string | undefined, before = ''): readonly Part[] | undefined {
  const number = numberOf(text.toLowerCase(), unit, before);
  const two = number === undefined ? pair.exec(text) : null;
  const stated = two === null ? [number ?? text] : [`${two[1]}${two[3]}`, `${two[2]}${two[3]}`];
  const read = stated.map((one) => readQuantity(one, unit)).filter((readings) => readings !== undefined);
  return read.length < stated.length ? undefined : read.map((readings) => ({ kind: 'quantity', text, readings }));
}

/** The number that a word is. `second` may be a unit, and `one` somebody. */
function numberOf(word: string, unit: string | undefined, before: string): string | undefined {
  if (word === 'second') return ['per', 'a', 'each', 'every'].includes(before) ? undefined : '2';
  if (word === 'one') return unit === undefined ? undefined : '1';
  return numberWords.get(word);
}

function wordOf({ text, starts }: Chunk): Part {
  if (text === gap) return { kind: 'word', text: '' };
  return { kind: looksLikeName(text, starts) ? 'name' : 'word', text };
}

function looksLikeName(text: string, starts: boolean): boolean {
  const folded = text.toLowerCase();
  if (joined.has(folded) || joined.has(folded.replace(/s$/, ''))) return false;
  if (products.has(folded)) return true;
  if (/^[a-z]+['’][a-z]+$/i.test(text)) return false;
  if (!/^[a-z-]+$/i.test(text)) return true;
  if (text.includes('-')) return folded.split('-').some((part) => !isPlain(part));
  return isCapital(text, starts);
}

function isPlain(word: string): boolean {
  return plainBefore.has(word) || plainAfter.has(word) || acronyms.has(word.toUpperCase());
}

/** A plain word may begin a sentence where none is seen to begin, as after a quotation. */
function isCapital(text: string, starts: boolean): boolean {
  if (/^[A-Z][a-z]+$/.test(text) && isPlain(text.toLowerCase())) return false;
  if (kinds.has(text) || acronyms.has(text.replace(/s$/, ''))) return false;
  return starts ? /^.+[A-Z]/.test(text) : /[A-Z]/.test(text);
}
