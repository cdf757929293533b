import { kind } from './lexemes.ts';
import { isOpen, isVariable, type Template } from './template.ts';

/** How many different words in one place make it a variable, by what the place and the words look like. */
const needed = { names: 2, likely: 3, words: 4, unlikely: 10 } as const;
/** Words that say that a name follows. */
const announcers = new Set(
  'user account host node pod container namespace service deployment volume image topic queue table'.split(' '),
);
/** Bounds the work for a line that is like nothing before. */
const maxNeighbours = 64;
const maxAttempts = 16;

interface Neighbour<T> {
  readonly template: T;
  /** Where it differs. */
  readonly places: readonly number[];
}

/**
 * Which templates of the same frame (it may be among them) are cases of one pattern together with this one: they agree in at least as many words as they differ
 * in, and in each place where they differ enough different words were seen. The fewest places come first. Empty: none, yet.
 */
export function findKin<T extends Template>(template: Template, others: readonly T[]): readonly T[] {
  const words = template.tokens.filter((token, place) => isWord(template.kinds[place], token)).length;
  const neighbours: Neighbour<T>[] = [];
  for (const other of others.slice(-maxNeighbours)) {
    const places = other === template ? undefined : differenceOf(template, other, words);
    if (places !== undefined) neighbours.push({ template: other, places });
  }
  neighbours.sort((one, other) => one.places.length - other.places.length);
  const attempts = new Map(neighbours.map(({ places }) => [places.join(), places]));
  for (const places of [...attempts.values()].slice(0, maxAttempts)) {
    const kin = neighbours.filter((one) => one.places.every((place) => places.includes(place)));
    const members = kin.map((one) => one.template);
    if (places.every((place) => isVaried(place, template, members))) return members;
  }
  return [];
}

/** Where two templates differ; undefined when they agree in too few words. Two values of different form differ in no word. */
function differenceOf(template: Template, other: Template, words: number): readonly number[] | undefined {
  const { tokens, kinds } = template;
  const places: number[] = [];
  let common = words;
  let different = 0;
  for (let place = 0; place < tokens.length; place += 1) {
    const [token, opposite] = [tokens[place], other.tokens[place]];
    if (token === opposite) continue;
    if (isWord(kinds[place], token)) common -= 1;
    if (isOpen(token) || isOpen(opposite)) continue;
    places.push(place);
    if (!isVariable(token) || !isVariable(opposite)) different += 1;
    if (common < Math.max(1, different)) return undefined;
  }
  return common >= Math.max(1, different) ? places : undefined;
}

/** What two templates may have in common: neither punctuation nor a variable. */
function isWord(found: number | undefined, token: string | undefined): boolean {
  return found !== kind.mark && !isVariable(token);
}

function isVaried(place: number, template: Template, members: readonly Template[]): boolean {
  const seen = [...new Set([template, ...members].map(({ tokens }) => tokens[place] ?? ''))];
  if (seen.some(isVariable)) return true;
  const names = [template, ...members].filter(({ kinds }) => isNameLike(kinds[place])).length;
  if (names > members.length) return seen.length >= needed.names;
  if (names > 0 || isSetApart(place, template)) return seen.length >= needed.likely;
  if (seen.every(isEventWord) || isOpening(place, template)) return seen.length >= needed.unlikely;
  return seen.length >= (announcers.has((template.tokens[place - 1] ?? '').trim()) ? needed.likely : needed.words);
}

/** `key=word`, `key="some words"`, `the 'word'` */
function isSetApart(place: number, { tokens }: Template): boolean {
  const before = (tokens[place - 1] ?? '').trim();
  return before === '=' || ((before === '"' || before === "'") && tokens[place + 1] === before);
}

function isNameLike(found: number | undefined): boolean {
  return found === kind.name || found === kind.unit;
}

/** `Started`, `terminating`, `RUNNING`: what happened or a state, rather than to whom. */
function isEventWord(token: string): boolean {
  return /(?:ed|ing)$/.test(token) || /^ ?[A-Z_]+$/.test(token);
}

/** The first of several words says what the message is about. */
function isOpening(place: number, { tokens }: Template): boolean {
  const isFirst = place === 0 || (tokens[place - 1] ?? '').trim() === '"';
  return isFirst && (tokens[place + 1] ?? ' ').startsWith(' ');
}
