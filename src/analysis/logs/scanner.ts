import {
  at,
  backslash,
  classes,
  colon,
  digit,
  dollar,
  dot,
  greater,
  hash,
  less,
  mark,
  newline,
  percent,
  plain,
  question,
  quote,
  space,
  special,
} from './characters.ts';
import {
  announcesUser,
  boundOf,
  isAddress,
  isGroups,
  isNaming,
  isSocket,
  isUnit,
  jointOf,
  kind,
  kindOfPiece,
  kindOfWord,
  stemOf,
} from './lexemes.ts';
import { maxTokens, maxWord, Pieces } from './pieces.ts';

/** No more of a line is looked at, whatever its length. */
const maxChars = 4_096;
/** Characters of `>= 12.5ms`, and of what announces an account. */
const [maxBound, maxAnnouncer] = [32, 16];
/** The lengths of words that `kindOfWord` knows. */
const knownLengths = new Uint8Array(maxWord + 1);
for (const length of [1, 2, 3, 4, 5, 8, 16]) knownLengths[length] = 1;

/** Pairs that a value could stand between. */
const closing = new Map(['()', '[]', '{}', '""', "''"].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]));
const leading = new Set([hash, dollar, percent, at]);
const trailing = new Set([dot, colon, question, percent, backslash]);

/**
 * Splits a message into words, punctuation and values. What is variable in any log (numbers, addresses, paths, times, identifiers, lists of them) is told by
 * its form alone. Lines that are indented under another (stack frames) are one value. Time is linear in the length.
 */
export class Scanner extends Pieces {
  scan(text: string): void {
    this.text = text;
    this.count = 0;
    let place = 0;
    while (place < text.length && place < maxChars && this.count < maxTokens) place = this.scanNext(place);
    if (place < text.length) this.pushRest(place, text.length);
  }

  /** Each of these takes what begins at a place and answers where it ends. */
  private scanNext(place: number): number {
    const code = this.text.charCodeAt(place);
    const found = classes[code] ?? 0;
    if (found === space) return code === newline && this.count > 0 ? this.scanIndented(place + 1) : place + 1;
    return found === mark ? this.scanMark(place, code) : this.scanChunk(place);
  }

  private scanIndented(place: number): number {
    let end = place;
    while (end < this.text.length && this.classAt(end) === space && this.text.charCodeAt(end) !== newline) {
      const next = this.text.indexOf('\n', end);
      end = next < 0 ? this.text.length : next + 1;
    }
    if (end > place) this.pushRest(place, end);
    return end;
  }

  private scanMark(place: number, code: number): number {
    if (code === less && this.text.startsWith('<*>', place)) return this.pushValue(kind.value, place, place + 3);
    const length = this.boundAt(place, code);
    if (length > 0) return this.pushValue(kind.number, place, place + length);
    this.push(kind.mark, place, place + 1);
    if (code === quote && this.isAssignment(this.count - 2)) return this.scanQuoted(place + 1);
    const isEmptyPair = this.text.charCodeAt(place + 1) === closing.get(code) && this.hasGap(this.count - 1);
    return isEmptyPair ? this.push(kind.value, place + 1, place + 1) : place + 1;
  }

  /** The length of a bound that stands in place of a number: `took <1ms`. */
  private boundAt(place: number, code: number): number {
    if (code !== less && code !== greater) return 0;
    const isOpen = place === 0 || (this.classAt(place - 1) & (space | mark)) !== 0;
    return isOpen ? boundOf(this.text.slice(place, place + maxBound)) : 0;
  }

  /** `key="some words"` */
  private scanQuoted(place: number): number {
    const end = this.text.slice(place, place + maxWord).indexOf('"') + place;
    const text = this.text.slice(place, end);
    if (!/\s/.test(text) || /[\n\\<]/.test(text) || text.trim() !== text) return place;
    return this.push(/\d/.test(text) ? kind.value : kind.word, place, end);
  }

  private isAssignment(index: number): boolean {
    return index > 0 && !this.hasGap(index + 1) && this.textOf(index) === '=' && isNaming(this.textOf(index - 1));
  }

  /** A run without white space and punctuation. */
  private scanChunk(place: number): number {
    let seen = 0;
    let end = place;
    for (; end < this.text.length; end += 1) {
      const found = this.classAt(end);
      if (found === space || found === mark) break;
      seen |= found;
    }
    if (end - place > maxWord) return this.pushValue(kind.value, place, end);
    return (seen & special) === 0 ? this.scanPiece(place, end, seen) : this.scanCompound(place, end);
  }

  private scanCompound(place: number, end: number): number {
    if (isAddress(this.text.slice(place, end))) return this.scanAddress(place, end);
    let [first, last] = [place, end];
    while (first < last && leading.has(this.text.charCodeAt(first))) first += 1;
    while (last > first && trailing.has(this.text.charCodeAt(last - 1))) last -= 1;
    if (first === last) return this.push(kind.mark, place, end);
    for (let one = place; one < first; one += 1) this.push(kind.mark, one, one + 1);
    this.scanCore(first, last);
    if (last < end) this.push(kind.mark, last, end);
    return end;
  }

  /** A URL goes on behind punctuation. */
  private scanAddress(place: number, from: number): number {
    let end = from;
    while (end < this.text.length && '=&;!,'.includes(this.text.charAt(end))) {
      end += 1;
      while (end < this.text.length && (this.classAt(end) & (space | mark)) === 0) end += 1;
    }
    while (',;.:!?\\'.includes(this.text.charAt(end - 1))) end -= 1;
    if (this.text.startsWith('/', place) || /\d/.test(this.text.slice(place, end))) {
      return this.pushValue(kind.value, place, end);
    }
    return this.push(kind.name, place, end);
  }

  private scanCore(start: number, end: number): void {
    const text = this.text.slice(start, end);
    if (isGroups(text)) this.pushValue(kind.value, start, end);
    else if (isSocket(text)) {
      this.pushValue(kind.value, start, end);
      this.shape(start, 1, this.text.lastIndexOf(':', end - 1));
    } else this.scanParts(start, end);
  }

  /** `key:value`, `host:port`, `done......5` */
  private scanParts(from: number, to: number): void {
    let start = from;
    let seen = 0;
    for (let place = from; place < to; place += 1) {
      const end = this.endOfJoint(place);
      if (end === place) {
        seen |= this.classAt(place);
        continue;
      }
      if (place > start) this.scanPart(start, place, seen);
      this.push(kind.mark, place, end);
      [start, place, seen] = [end, end - 1, 0];
      if (this.text.lastIndexOf(':', to - 1) > end && isGroups(this.text.slice(end, to))) {
        this.pushValue(kind.value, end, to);
        return;
      }
    }
    if (to > start) this.scanPart(start, to, seen);
  }

  /** The end of a colon, or of three dots and more. */
  private endOfJoint(place: number): number {
    const code = this.text.charCodeAt(place);
    if (code === colon) return place + 1;
    let end = place;
    if (code === dot && this.text.startsWith('...', place)) while (this.text.charCodeAt(end) === dot) end += 1;
    return end;
  }

  private scanPart(start: number, end: number, seen: number): void {
    const joint = (seen & special) === 0 ? 0 : jointOf(this.text.slice(start, end));
    if (joint > 0) {
      this.scanPiece(start, start + joint, special);
      this.push(kind.mark, start + joint, start + joint + 1);
      this.pushValue(kind.number, start + joint + 1, end);
    } else if (this.isScope(start, end)) this.push(kind.word, start, end);
    else this.scanPiece(start, end, seen);
  }

  /** `Class::method` */
  private isScope(start: number, end: number): boolean {
    return this.text.startsWith('::', end) && this.classAt(start) === plain && this.classAt(end + 2) === plain;
  }

  private scanPiece(start: number, end: number, seen: number): number {
    if (seen === digit) return this.pushValue(kind.number, start, end);
    if (seen === plain && knownLengths[end - start] === 0) return this.push(kind.word, start, end);
    const text = this.text.slice(start, end);
    const isMeasure = this.count > 0 && this.kinds[this.count - 1] === kind.number && isUnit(text);
    if (isMeasure) return this.push(kind.unit, start, end);
    const found = this.kindAt(start, text, seen);
    if (found < kind.number) return this.push(found, start, end);
    this.pushValue(found, start, end);
    if (found === kind.value) this.shape(start, stemOf(text), 0);
    return end;
  }

  private kindAt(start: number, text: string, seen: number): number {
    const found = seen === plain ? kindOfWord(text) : kindOfPiece(text);
    const isUser = found === kind.name && announcesUser(this.text.slice(Math.max(0, start - maxAnnouncer), start));
    return isUser ? kind.value : found;
  }
}
