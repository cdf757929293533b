import { cut, cutMiddle } from '../../../core/cut.ts';
import { type SignatureId, signatures } from './index.ts';
import { fillSentence, type Signature, type SignatureClass, type SignatureFacts } from './signature.ts';

/** A message that is known, with what it says filled in. */
export interface Signed {
  readonly id: SignatureId;
  readonly class: SignatureClass;
  /** One sentence: what it means. */
  readonly cause: string;
  /** What to look at or to do, in one sentence or two. */
  readonly next: string;
  readonly facts: SignatureFacts;
  /** Place of the signature in the list: the lower, the more telling. */
  readonly rank: number;
}

/** Characters that are looked at: the beginning and the end of what is longer, where a stack trace says most. */
const mostLooked = 8_000;

/** Characters of one fact. */
const factLimit = 120;

/** Text around a match that is looked at. */
const around = 24;

/** A count of none, a setting, or a success, right after the words: `connection refused: 0`, `disk full = false`. */
const denied =
  /^["']?(?: errors?| count| total)?["']? ?[:=] ?["']?(?:(?:0|false|none|null)\b(?!\.)|(?:no|ok)(?:["',;}]|$))/i;

/** What is spoken of and did not happen, right before the words: `no`, `0`, `if`, `retry on`. */
const supposed =
  /(?:^|[\s("'])(?:no|0|zero|without|never|if|when|whenever|unless|retry on|retries on|such as|e\.g\.) ["'“(]?$/i;

/**
 * What a message of a program is known to mean; of several signatures the most telling. Facts are bounded, of one line and without markup, but they are
 * what the program wrote: redaction is the caller's, before or after. Takes time in proportion to the message.
 */
export function matchSignature(message: string): Signed | undefined {
  const text = prepare(message);
  for (const [rank, signature] of signatures.entries()) {
    const facts = findFacts(text, signature);
    if (facts === undefined) continue;
    const { id, class: where, cause, next } = signature;
    return { id, class: where, cause: fillSentence(cause, facts), next: fillSentence(next, facts), facts, rank };
  }
  return undefined;
}

/** Without the escapes of quotes in JSON. */
function prepare(message: string): string {
  return cutMiddle(message, mostLooked).replaceAll('\\"', '"');
}

function findFacts(text: string, { patterns }: Signature): SignatureFacts | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null && !isOnlyMentioned(text, match)) return factsOf(match);
  }
  return undefined;
}

function isOnlyMentioned(text: string, { index, 0: { length } }: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, index - around), index);
  const after = text.slice(index + length, index + length + around);
  return denied.test(after) || supposed.test(before);
}

function factsOf({ groups = {} }: RegExpExecArray): SignatureFacts {
  const entries = Object.entries(groups).flatMap(([name, found]: readonly [string, string | undefined]) => {
    const value = found === undefined ? '' : tidy(found);
    return value === '' ? [] : [[name, value] as const];
  });
  const facts: SignatureFacts = Object.fromEntries(entries);
  const { endpoint, host, port } = facts;
  return endpoint === undefined && host !== undefined && port !== undefined
    ? { ...facts, endpoint: `${host}:${port}` }
    : facts;
}

/** One line without control characters or what Slack takes for markup. */
function tidy(value: string): string {
  const line = value
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[`*<>]/g, '')
    .trim();
  return cut(line, factLimit);
}
