import { kind } from './lexemes.ts';
import type { Scanner } from './scanner.ts';

/**
 * The pieces of a template as text, with a blank in front where there is white space. What varies is `form` where its form alone says so, `open` where different
 * words were seen, and `measure` where different units were seen behind a number. No piece of a message reads like one of them, for `<` is a piece of its own.
 */
export interface Template {
  readonly tokens: readonly string[];
  /** Of the first message. */
  readonly kinds: readonly number[];
}

const [form, open, measure] = ['<#>', '<*>', '<+>'];

/** What the message last scanned looks like before it is compared with others. It holds the whole message in memory; `structuredClone` it to keep it. */
export function templateOf(scanner: Scanner): Template {
  const tokens: string[] = [];
  const kinds: number[] = [];
  for (let index = 0; index < scanner.count; index += 1) {
    const text = scanner.isVariable(index) ? formOf(scanner, index) : scanner.textOf(index);
    tokens.push(scanner.hasGap(index) ? ` ${text}` : text);
    kinds.push(scanner.kinds[index] ?? kind.mark);
  }
  return { tokens, kinds };
}

/** `<#>`, `node-<#>`, `/<#>:<#>` */
function formOf(scanner: Scanner, index: number): string {
  const stem = scanner.text.slice(scanner.starts[index], scanner.stemEnd(index));
  return scanner.colons[index] === 0 ? stem + form : `${stem}${form}:${form}`;
}

/** Equal for templates of one build: the same punctuation and white space, with one word or value in each place between. */
export function frameOf({ tokens, kinds }: Template): string {
  let frame = '';
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place] ?? '';
    frame += kinds[place] === kind.mark ? token : `${gapOf(token)}w`;
  }
  return frame;
}

/** For people: `<*>` for what varies. */
export function render({ tokens }: Template): string {
  return tokens.map((token) => (isMeasure(token) ? '' : token.replaceAll(form, open))).join('');
}

/** Where a variable stands: its first and last place, and whether all of the pieces there is variable. */
export interface Slot {
  readonly first: number;
  readonly last: number;
  readonly isWhole: boolean;
}

export function slotsOf({ tokens }: Template): readonly Slot[] {
  const slots: Slot[] = [];
  for (const [place, token] of tokens.entries()) {
    const before = slots.at(-1);
    if (isMeasure(token) && before !== undefined) slots[slots.length - 1] = { ...before, last: place };
    else if (isVariable(token)) slots.push({ first: place, last: place, isWhole: isOpen(token) });
  }
  return slots;
}

/** Whether one template, of the same frame, is a case of the other. */
export function covers(general: Template, special: Template): boolean {
  for (let place = 0; place < general.tokens.length; place += 1) {
    const token = general.tokens[place] ?? '';
    const isCase = token === special.tokens[place] || isOpen(token);
    if (!isCase && !(isMeasure(token) && special.kinds[place] === kind.unit)) return false;
  }
  return true;
}

/** The template of all; what differs is open. A program that prints one measure with a fitting unit prints them all so. */
export function generalize({ tokens, kinds }: Template, others: readonly Template[]): Template {
  const isEqual = (token: string, place: number): boolean => others.every((one) => one.tokens[place] === token);
  const isUnit = (place: number): boolean =>
    [kinds, ...others.map((one) => one.kinds)].every((one) => one[place] === kind.unit);
  const fitsUnits = tokens.some((token, place) => isUnit(place) && (isMeasure(token) || !isEqual(token, place)));
  return {
    kinds,
    tokens: tokens.map((token, place) => {
      if (fitsUnits && isUnit(place)) return gapOf(token) + measure;
      return isEqual(token, place) ? token : gapOf(token) + open;
    }),
  };
}

export function isVariable(token: string | undefined): boolean {
  return token !== undefined && (token.endsWith(form) || isOpen(token) || isMeasure(token));
}

export function isOpen(token: string | undefined): boolean {
  return token === open || token === ` ${open}`;
}

function isMeasure(token: string): boolean {
  return token === measure || token === ` ${measure}`;
}

function gapOf(token: string): string {
  return token.startsWith(' ') ? ' ' : '';
}
