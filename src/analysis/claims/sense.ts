import { type Fault, invention, slip } from './fault.ts';
import { type Part, partsOf } from './parts.ts';
import type { Support } from './support.ts';
import { countSupported } from './topics.ts';
import { field, kinds, kindWords, ordinary } from './words.ts';

/** Words are compared without their ending, by so many of their first letters. */
const stemLength = 5;

/** So many more than what it shares may be words that neither the field nor what is cited has. */
const ownWords = 1;

/** Of so many telling words more than this part must differ: `the service provides the service, or the service is the service` goes in circles. */
const circle = { words: 4, distinct: 0.5 } as const;

/** What a small model opens its babble with: the object's name, as the evidence writes it. */
const label = /^\s*(?:[A-Z]\w+\s+)?[\w.-]+\/[\w.-]+\s*:\s*/;

interface Told {
  readonly support: Support;
  /** Of objects, that read like words. */
  readonly names: ReadonlySet<string>;
  /** Whether it only says that something may be so. */
  readonly supposed: boolean;
}

/**
 * Why a sentence tells nothing of what it cites; undefined where it does. It must share a word, a name, a number or a subject with the
 * evidence, unless it supposes, and may use the language of the field; of other words it must not have many more than it shares. Small models tell of
 * the world, go in circles, or assert and deny the same.
 */
export function findNonsense(text: string, told: Told): Fault | undefined {
  const said = wordsOf(partsOf(text) ?? []);
  if (said.some((word) => persons.has(word.toLowerCase()))) return invention('somebody who is spoken to');
  if (goesInCircles(said.filter((word) => !told.names.has(word.toLowerCase())))) return invention('going in circles');
  if (contradicts(text)) return invention('a contradiction');
  const sentences = text.replace(label, '').split(/(?<=[.!?])\s+(?=[A-Z])/);
  return sentences.map((one) => findStrange(one, told)).find((fault) => fault !== undefined);
}

/** Of one sentence; where a quotation goes on beyond it, there is enough of the evidence in it. */
function findStrange(sentence: string, { support, supposed }: Told): Fault | undefined {
  const parts = partsOf(sentence);
  if (parts === undefined) return undefined;
  const words = distinct(wordsOf(parts).filter((word) => !kindWords.has(word.toLowerCase())));
  const known = words.filter((stem) => !everywhere.has(stem) && support.mentions(patternOf(stem)));
  const own = words.filter((stem) => !known.includes(stem) && !fieldStems.has(stem));
  const facts = parts.filter(({ kind, text }) => kind !== 'word' && !support.ids.has(text));
  const shared = Math.max(known.length + facts.length, countSupported(sentence, support));
  if (own.length > shared + ownWords) return slip('words of its own');
  return shared === 0 && !supposed ? invention('nothing of what it cites') : undefined;
}

function wordsOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => (part.kind === 'word' ? [part.text] : []));
}

/** Evidence knows neither who writes nor who reads. */
const persons: ReadonlySet<string> = new Set(['you', 'your', 'we', 'our', 'i', 'my', 'me']);

function goesInCircles(words: readonly string[]): boolean {
  const telling = words.filter(isTelling);
  return telling.length >= circle.words && distinct(words).length <= telling.length * circle.distinct;
}

/** The stems of what tells something. */
function distinct(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter(isTelling).map(stemOf))];
}

function isTelling(word: string): boolean {
  return word.length > 2 && !kinds.has(word) && !ordinary.has(word.toLowerCase());
}

/** `retries`, `retry`; `stopped`, `stop`; `writing`, `write`. */
function stemOf(word: string): string {
  const bare = word
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?<=.{3})(?:ing|ed|es|s|e)$/, '');
  return bare.replace(/([b-df-hj-kmnp-rtv-z])\1$/, '$1').slice(0, stemLength);
}

/** A short stem is a whole word but for its ending: `work` does not stand in `workload`. */
function patternOf(stem: string): RegExp {
  return new RegExp(stem.length < stemLength ? `\\b${stem}\\w{0,3}\\b` : `\\b${stem}`, 'i');
}

const fieldStems: ReadonlySet<string> = new Set([...field].map(stemOf));

/** Stems that stand in the evidence of any trouble. */
const everywhere: ReadonlySet<string> = new Set(['fail', 'failu', 'error', 'run']);

/** `it can still connect`, `it cannot connect`: who, the auxiliary, whether it is denied, and what. */
const assertion =
  /\b([\w-]+)\s+(can|could|is|are|was|were|does|do|did|has|have)(not|n['’]t|\s+not)?\s+(?:(?:still|also|now|just|been|be)\s+)*([a-z]{3,})/gi;

/** After these the same may hold of one time or place, and not of another. */
const turning = /\b(?:if|whether|when|until|before|after|once|while|although|since|then|later|first)\b/i;

/** Whether a sentence asserts of somebody what it denies of them. */
function contradicts(text: string): boolean {
  if (turning.test(text)) return false;
  const said = new Map<string, boolean>();
  return [...text.matchAll(assertion)].some(([, who = '', auxiliary = '', not, what = '']) => {
    const claim = `${who} ${auxiliary} ${stemOf(what)}`.toLowerCase();
    const denies = not !== undefined;
    const before = said.get(claim);
    said.set(claim, denies);
    return before !== undefined && before !== denies;
  });
}
