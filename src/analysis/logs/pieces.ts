import { backslash, classes, colon, comma, exclamation, plain, slash, space, special } from './characters.ts';
import { isDate, isHostName, isMonth, isProtocol, isTimeOrYear, isWeekday, kind } from './lexemes.ts';

/** More of a message than this is one variable, so that a line of 1 MB costs no more than a long line. */
export const maxTokens = 160;
/** A longer word is data. */
export const maxWord = 96;

/** The pieces of one message, and which values are one. They stand in arrays that the next message overwrites, because a line in the steady state must allocate next to nothing. */
export class Pieces {
  text = '';
  count = 0;
  readonly kinds = new Uint8Array(maxTokens + maxWord + 8);
  readonly starts = new Int32Array(maxTokens + maxWord + 8);
  readonly ends = new Int32Array(maxTokens + maxWord + 8);
  /** How many characters at the beginning of a value are the same in all of its form: `node-` of `node-7`. */
  readonly stems = new Uint8Array(maxTokens + maxWord + 8);
  /** Where the colon of an address stands whose port is a variable of its own; 0 in all other values. */
  readonly colons = new Int32Array(maxTokens + maxWord + 8);

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
      skeleton += this.text.slice(from, this.stemEnd(index)) + this.formMark(index);
      from = this.ends[index] ?? from;
    }
    return this.count === 0 ? '' : skeleton + this.text.slice(from, this.ends[this.count - 1]);
  }

  /** Where a value begins to vary. */
  stemEnd(index: number): number {
    return (this.starts[index] ?? 0) + (this.stems[index] ?? 0);
  }

  private formMark(index: number): string {
    if (this.kinds[index] === kind.number) return '\u0001';
    return this.colons[index] === 0 ? '\u0002' : '\u0003';
  }

  protected push(found: number, start: number, end: number): number {
    this.kinds[this.count] = found;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.stems[this.count] = 0;
    this.colons[this.count] = 0;
    this.count += 1;
    return end;
  }

  /** A value joins the one before it where both are one thing: address and port, date and time, the items of a list. */
  protected pushValue(found: number, start: number, end: number): number {
    this.push(found, start, end);
    const item = this.count - 1;
    const isMarked = item > 1 && this.kinds[item - 1] === kind.mark;
    const partner = isMarked ? item - 2 : item - 1;
    if (partner < 0 || !(isMarked ? this.joinsOver(partner, item) : this.joins(partner, item))) return end;
    const first = partner > 0 && this.isWeekdayBefore(partner) ? partner - 1 : partner;
    this.kinds[first] = kind.value;
    this.count = first + 1;
    return this.extend(first, end);
  }

  /** Notes the stem and the colon of the value last pushed, unless it joined another. */
  protected shape(start: number, stem: number, joint: number): void {
    const item = this.count - 1;
    if (this.starts[item] !== start) return;
    this.stems[item] = stem;
    this.colons[item] = joint;
  }

  protected pushRest(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && this.classAt(start) === space) start += 1;
    while (start < end && this.classAt(end - 1) === space) end -= 1;
    if (start === end) return;
    if (this.count > 0 && this.isVariable(this.count - 1)) this.extend(this.count - 1, end);
    else this.push(kind.value, start, end);
  }

  private extend(index: number, end: number): number {
    this.ends[index] = end;
    this.stems[index] = 0;
    this.colons[index] = 0;
    return end;
  }

  protected classAt(place: number): number {
    return classes[this.text.charCodeAt(place)] ?? 0;
  }

  /** Over a `:`, `,` or `!`: `10.0.0.1:80`, `db.prod.svc:5432`, `C:\\logs`, `10.0.0.1,10.0.0.2`, `blk_1, blk_2`, `/a.jar!/b`. */
  private joinsOver(partner: number, item: number): boolean {
    if (this.hasGap(partner + 1)) return false;
    const joint = this.text.charCodeAt(this.ends[partner] ?? 0);
    if (this.hasGap(item)) return joint === comma && this.isAlike(partner, item);
    if (this.isVariable(partner)) return this.isGlue(joint, item);
    return joint === colon && (this.isDrive(partner, item) || this.isHost(partner, item));
  }

  private isGlue(joint: number, item: number): boolean {
    return joint === colon || joint === comma || (joint === exclamation && this.codeAt(item) === slash);
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
    return this.lengthOf(partner) === 1 && this.codeAt(item) === backslash;
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

  /** Its first character. */
  protected codeAt(index: number): number {
    return this.text.charCodeAt(this.starts[index] ?? 0);
  }

  private lengthOf(index: number): number {
    return (this.ends[index] ?? 0) - (this.starts[index] ?? 0);
  }
}
