import type { Strength } from './confidence.ts';
import { type Fault, invention, slip } from './fault.ts';
import { type Part, partsOf } from './parts.ts';
import { findNonsense } from './sense.ts';
import { breaksOff, causality, commands, supposes } from './speech.ts';
import type { Support } from './support.ts';
import { findForeignTopic } from './topics.ts';
import { kinds, kindWords, ordinary, plainAfter, plainBefore, vague } from './words.ts';

/** Longest sentence, characters. */
const longest = 300;

export interface Grounds {
  readonly support: Support;
  /** Of the strongest evidence that is cited. */
  readonly strength: Strength;
  /** True where all that is said is a supposition: it may be about what nothing shows yet, but may not make up names and numbers. */
  readonly supposed: boolean;
  /** Names of this incident's objects that read like words, in small letters. */
  readonly names: ReadonlySet<string>;
}

/**
 * Why a sentence does not stand in what it cites; undefined where it does. It checks what can be looked up (numbers, names,
 * quotations, times, links), what the sentence is about, the right to say that something caused something, and that nobody is told what to do. That the words
 * between them mean what the evidence means cannot be checked.
 */
export function findFault(text: string, grounds: Grounds): Fault | undefined {
  if (text.trim() === '' || text.length > longest) return slip('its length');
  if (breaksOff(text)) return invention('its end');
  if (commands(text, grounds.support)) return slip('an instruction');
  if (!mayClaim(text, grounds)) return slip('a cause that nothing shows');
  const supposed = grounds.supposed || supposes(text);
  const foreign = supposed ? undefined : findForeignTopic(text, grounds.support);
  if (foreign !== undefined) return invention(foreign);
  return findUnsupported(text, grounds) ?? findNonsense(text, { ...grounds, supposed });
}

function findUnsupported(text: string, { support, names }: Grounds): Fault | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return invention('characters');
  if (!parts.some(tells)) return invention('no words');
  const unsupported = parts.find(
    (part, index) => !stands(part, support) || namesWithout(parts, index, { support, names }),
  );
  if (unsupported === undefined) return undefined;
  const why = `the ${unsupported.kind} ${unsupported.text}`;
  return unsupported.kind === 'word' ? slip(why) : invention(why);
}

/** Names, times and amounts alone say nothing of each other. */
function tells({ kind, text }: Part): boolean {
  return kind === 'word' && text !== '' && !kinds.has(text);
}

/** Certainty needs a failure in so many words, or a change right before it; a supposition needs something that was observed. */
function mayClaim(text: string, { strength, supposed }: Grounds): boolean {
  const claimed = causality(text);
  if (claimed === 'certain' && !supposed) return strength === 'explicit' || strength === 'change';
  return claimed === 'none' || strength !== 'none';
}

function stands(part: Part, support: Support): boolean {
  switch (part.kind) {
    case 'quantity':
      return support.statesQuantity(part.readings);
    case 'time':
      return support.statesTime(part.text) || support.states(part.text);
    case 'name':
      return support.ids.has(part.text) || support.states(part.text);
    case 'quote':
    case 'link':
      return support.states(part.text);
    case 'word':
      return !vague.has(part.text.toLowerCase()) || support.states(part.text);
  }
}

/** A word that is a name by where it stands (`the till service`, `namespace till`) or by what it is here, and of which the evidence knows nothing. */
function namesWithout(
  parts: readonly Part[],
  index: number,
  { support, names }: Pick<Grounds, 'support' | 'names'>,
): boolean {
  const part = parts[index];
  if (part?.kind !== 'word' || part.text === '') return false;
  const word = part.text.toLowerCase();
  const isName = names.has(word) || standsAsName(word, neighbour(parts[index - 1]), neighbour(parts[index + 1]));
  return isName && !support.states(part.text);
}

function standsAsName(word: string, before: string, after: string): boolean {
  if (kindWords.has(word) || ordinary.has(word)) return false;
  const named = kindWords.has(after) && !plainBefore.has(word) && !/(?:able|ible|ful|less|ous)$/.test(word);
  const follows = kindWords.has(before) && !plainAfter.has(word) && !/(?:ing|ed|ly)$/.test(word);
  return named || follows;
}

function neighbour(part: Part | undefined): string {
  return part?.kind === 'word' ? part.text.toLowerCase() : '';
}
