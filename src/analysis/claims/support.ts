import type { Evidence } from '../../core/evidence.ts';
import { type ResourceRef, refKey } from '../../core/resource-ref.ts';
import { quantitiesIn } from './quantities.ts';
import { statesTime } from './times.ts';

/** What a sentence may rest on: the evidence it cites, and nothing else. */
export interface Support {
  readonly ids: ReadonlySet<string>;
  /** Whether a name, a word or a quoted text stands there whole. */
  readonly states: (text: string) => boolean;
  /** The same of what was declared to the cluster alone. */
  readonly declares: (text: string) => boolean;
  /** Whether it is about something. */
  readonly mentions: (topic: RegExp) => boolean;
  readonly statesTime: (time: string) => boolean;
  /** `readings`: of one quantity, as `readQuantity` gives them. */
  readonly statesQuantity: (readings: readonly string[]) => boolean;
}

/** Characters of one piece that count; what is collected is far smaller. */
const longest = 100_000;

/** An opinion supports nothing. What the incident is about is known without evidence. */
export function supportOf(cited: readonly Evidence[], subject: ResourceRef): Support {
  const facts = cited.filter(({ kind }) => kind !== 'opinion');
  const texts = facts.map(({ source, text }) => `${source}\n${text.slice(0, longest)}`);
  const folded = fold([refKey(subject), ...texts].join('\n'));
  const declared = fold(facts.flatMap(({ kind, text }) => (kind === 'change' ? [text] : [])).join('\n'));
  const moments = facts.flatMap(({ at }) => (at === undefined ? [] : [new Date(at).toISOString()])).join('\n');
  const quantities = quantitiesIn(texts.join('\n'));
  return {
    ids: new Set(cited.map(({ id }) => id)),
    states: (text) => {
      const sought = fold(text);
      return standsIn(folded, sought) || (className.test(text) && standsIn(folded, `.${sought}`));
    },
    declares: (text) => standsIn(declared, fold(text)),
    mentions: (topic) => topic.test(texts.join('\n')),
    statesTime: (time) => statesTime(`${texts.join('\n')}\n${moments}`, time),
    statesQuantity: (readings) => readings.some((reading) => quantities.has(reading)),
  };
}

/** A class, and what is called of it, is named without its package: `OutOfMemoryError` of `java.lang.OutOfMemoryError`. */
const className = /^\p{Lu}\w*\p{Ll}\w*(?:\.\w+)?$/u;

/** One kind of quotation mark: within a quotation people write another one than stands there. */
function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(/["“”‘’`]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Bounded: `checkout` does not stand in `checkout-2`, `1.0` not in `1.0.1`, `app.config` not in `app.config.json`; `payments` does in `payments.shop.svc`. */
function standsIn(text: string, sought: string): boolean {
  if (sought === '') return false;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1)) {
    if (startsThere(text, at, sought) && endsThere(text, at + sought.length, sought)) return true;
  }
  return false;
}

const within = /[\p{L}\p{N}_-]/u;
const letterOrDigit = /[\p{L}\p{N}]/u;

function startsThere(text: string, at: number, sought: string): boolean {
  const before = text[at - 1] ?? ' ';
  if (!within.test(sought[0] ?? '')) return true;
  if (before === '.') return !letterOrDigit.test(text[at - 2] ?? ' ');
  return !within.test(before) || (before === '-' && !letterOrDigit.test(text[at - 2] ?? ' '));
}

function endsThere(text: string, end: number, sought: string): boolean {
  const [after, next] = [text[end] ?? ' ', text[end + 1] ?? ' '];
  if (!within.test(sought.at(-1) ?? '')) return true;
  if (after === '.' && letterOrDigit.test(next)) return isLabel(sought);
  return !within.test(after) || (after === '-' && !letterOrDigit.test(next));
}

/** The first part of a host's name may stand for the host. */
function isLabel(sought: string): boolean {
  return /^[\p{L}][\p{L}\p{N}-]*$/u.test(sought) && !/\d$/.test(sought);
}
