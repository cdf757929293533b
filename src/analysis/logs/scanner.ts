import {
  isAddress,
  isDate,
  isGroups,
  isHostName,
  isMonth,
  isNaming,
  isProtocol,
  isTimeOrYear,
  isUnit,
  isWeekday,
  jointOf,
  kind,
  kindOfPiece,
  kindOfWord,
} from './lexemes.ts';

/** More of a message than this is one variable, so that a line of 1 MB costs no more than a long line. */
const maxTokens = 160;
const maxChars = 4_096;
/** A longer word is data. */
const maxWord = 96;
/** The lengths of words that `kindOfWord` knows. */
const knownLengths = new Uint8Array(maxWord + 1);
for (const length of [1, 2, 3, 4, 5, 8, 16]) knownLengths[length] = 1;

const [plain, space, mark, digit, special] = [1, 2, 4, 8, 16];
const [newline, blank, quote, hash, dollar, percent, comma, dot, colon] = [10, 32, 34, 35, 36, 37, 44, 46, 58];
const [less, question, at, backslash] = [60, 63, 64, 92];

const classes = new Uint8Array(65_536).fill(plain);
for (let code = 0; code <= blank; code += 1) classes[code] = space;
for (const char of '\u007f\u0085\u00a0\u2028\u2029\ufeff') classes[char.charCodeAt(0)] = space;
for (const char of '\'"`,;!|()[]{}=<>&') classes[char.charCodeAt(0)] = mark;
for (const char of '0123456789') classes[char.charCodeAt(0)] = digit;
for (const char of ':/\\@#$%.?*+-~') classes[char.charCodeAt(0)] = special;

/** Pairs that a value could stand between. */
const closing = new Map(['()', '[]', '{}', '""', "''"].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]));
const leading = new Set([hash, dollar, percent, at]);
const trailing = new Set([dot, colon, question, percent, backslash]);

/**
 * Splits a message into words, punctuation and values. What is variable in any log (numbers, addresses, paths, times, identifiers, lists of them) is told by
 * its form alone. Lines that are indented under another (stack frames) are one value. Time is linear in the length. The pieces stand in arrays that the next
 * scan overwrites, because a line in the steady state must allocate next to nothing.
 */
export class Scanner {
  text = '';
  count = 0;
  readonly kinds = new Uint8Array(maxTokens + maxWord + 8);
  readonly starts = new Int32Array(maxTokens + maxWord + 8);
  readonly ends = new Int32Array(maxTokens + maxWord + 8);

  scan(text: string): void {
    this.text = text;
    this.count = 0;
    let place = 0;
    while (place < text.length && place < maxChars && this.count < maxTokens) place = this.scanNext(place);
    if (place < text.length) this.pushRest(place, text.length);
  }

  isVariable(index: number): boolean {
    return (this.kinds[index] ?? 0) >= kind.number;
  }

  /** Whether there is white space before a piece. */
  hasGap(index: number): boolean {
    return index > 0 && this.starts[index] !== this.ends[index - 1];
  }

  textOf(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  /** What the message shares with those that differ only in what is variable by its form. */
  skeleton(): string {
    let skeleton = '';
    let from = this.starts[0] ?? 0;
    for (let index = 0; index < this.count; index += 1) {
      const found = this.kinds[index] ?? 0;
      if (found < kind.number) continue;
      skeleton += this.text.slice(from, this.starts[index]) + (found === kind.number ? '\u0001' : '\u0002');
      from = this.ends[index] ?? from;
    }
    return this.count === 0 ? '' : skeleton + this.text.slice(from, this.ends[this.count - 1]);
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
    this.push(kind.mark, place, place + 1);
    if (code === quote && this.isAssignment(this.count - 2)) return this.scanQuoted(place + 1);
    const isEmptyPair = this.text.charCodeAt(place + 1) === closing.get(code) && this.hasGap(this.count - 1);
    return isEmptyPair ? this.push(kind.value, place + 1, place + 1) : place + 1;
  }

  /** `key="some words"` */
  private scanQuoted(place: number): number {
    const end = this.text.slice(place, place + maxWord).indexOf('"') + place;
    const text = this.text.slice(place, end);
    if (!/\s/.test(text) || /[\n\\]/.test(text) || text.trim() !== text) return place;
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
    if (first === last) return this.push(kind.word, place, end);
    for (let one = place; one < first; one += 1) this.push(kind.mark, one, one + 1);
    if (isGroups(this.text.slice(first, last))) this.pushValue(kind.value, first, last);
    else this.scanParts(first, last);
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

  /** `key:value`, `host:port` */
  private scanParts(from: number, to: number): void {
    let start = from;
    for (let place = from; place <= to; place += 1) {
      if (place < to && this.text.charCodeAt(place) !== colon) continue;
      if (place > start) this.scanPart(start, place);
      if (place < to) this.push(kind.mark, place, place + 1);
      start = place + 1;
    }
  }

  private scanPart(start: number, end: number): void {
    const joint = jointOf(this.text.slice(start, end));
    if (joint > 0) {
      this.scanPiece(start, start + joint, special);
      this.push(kind.mark, start + joint, start + joint + 1);
      this.pushValue(kind.number, start + joint + 1, end);
    } else this.scanPiece(start, end, special);
  }

  private scanPiece(start: number, end: number, seen: number): number {
    if (seen === digit) return this.pushValue(kind.number, start, end);
    if (seen === plain && knownLengths[end - start] === 0) return this.push(kind.word, start, end);
    const text = this.text.slice(start, end);
    const isMeasure = this.count > 0 && this.kinds[this.count - 1] === kind.number && isUnit(text);
    if (isMeasure) return this.push(kind.unit, start, end);
    const found = seen === plain ? kindOfWord(text) : kindOfPiece(text);
    return found < kind.number ? this.push(found, start, end) : this.pushValue(found, start, end);
  }

  /** A value joins the one before it where both are one thing: address and port, date and time, the items of a list. */
  private pushValue(found: number, start: number, end: number): number {
    this.push(found, start, end);
    const item = this.count - 1;
    const isMarked = item > 1 && this.kinds[item - 1] === kind.mark;
    const partner = isMarked ? item - 2 : item - 1;
    if (partner < 0 || !(isMarked ? this.joinsOver(partner, item) : this.joins(partner, item))) return end;
    const first = partner > 0 && this.isWeekdayBefore(partner) ? partner - 1 : partner;
    this.kinds[first] = kind.value;
    this.ends[first] = end;
    this.count = first + 1;
    return end;
  }

  /** Over a `:` or `,`: `10.0.0.1:80`, `db.prod.svc:5432`, `C:\\logs`, `10.0.0.1,10.0.0.2`, `blk_1, blk_2`. */
  private joinsOver(partner: number, item: number): boolean {
    if (this.hasGap(partner + 1)) return false;
    const joint = this.text.charCodeAt(this.ends[partner] ?? 0);
    if (this.hasGap(item)) return joint === comma && this.isAlike(partner, item);
    if (joint !== colon && joint !== comma) return false;
    if (this.isVariable(partner)) return true;
    return joint === colon && (this.isDrive(partner, item) || this.isHost(partner, item));
  }

  /** Over white space: `Jul 3`, `Jul 3 23:16:09`, `/users HTTP/1.1`, `blk_1 blk_2`. */
  private joins(partner: number, item: number): boolean {
    if (!this.hasGap(item)) return false;
    if (this.kinds[partner] === kind.word) return this.lengthOf(item) <= 2 && isMonth(this.textOf(partner));
    if (this.kinds[partner] !== kind.value) return false;
    if (this.isAlike(partner, item)) return true;
    const text = this.textOf(item);
    return isProtocol(text) || (isTimeOrYear(text) && isDate(this.textOf(partner)));
  }

  private isDrive(partner: number, item: number): boolean {
    return this.lengthOf(partner) === 1 && this.text.charCodeAt(this.starts[item] ?? 0) === backslash;
  }

  private isHost(partner: number, item: number): boolean {
    return this.kinds[item] === kind.number && isHostName(this.textOf(partner));
  }

  /** Whether two values begin with the same letters in front of their first digit, as the items of a list do. */
  private isAlike(partner: number, item: number): boolean {
    if (this.kinds[partner] !== kind.value || this.kinds[item] !== kind.value) return false;
    const [first, second] = [this.starts[partner] ?? 0, this.starts[item] ?? 0];
    const length = this.prefixLength(first);
    return length === this.prefixLength(second) && this.text.startsWith(this.text.slice(first, first + length), second);
  }

  /** How many characters stand before the first digit and its sign. */
  private prefixLength(start: number): number {
    let place = start;
    while (place < start + maxWord && (this.classAt(place) & (plain | special)) !== 0) place += 1;
    return (place > start && this.text.charAt(place - 1) === '-' ? place - 1 : place) - start;
  }

  private isWeekdayBefore(date: number): boolean {
    return this.kinds[date - 1] === kind.word && isDate(this.textOf(date)) && isWeekday(this.textOf(date - 1));
  }

  private pushRest(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && this.classAt(start) === space) start += 1;
    while (start < end && this.classAt(end - 1) === space) end -= 1;
    if (start === end) return;
    if (this.count > 0 && this.isVariable(this.count - 1)) this.ends[this.count - 1] = end;
    else this.push(kind.value, start, end);
  }

  private push(found: number, start: number, end: number): number {
    this.kinds[this.count] = found;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count += 1;
    return end;
  }

  private lengthOf(index: number): number {
    return (this.ends[index] ?? 0) - (this.starts[index] ?? 0);
  }

  private classAt(place: number): number {
    return classes[this.text.charCodeAt(place)] ?? 0;
  }
}
