import { cut } from '../core/cut.ts';

/** Characters of a server's answer that are told. */
const longest = 300;

/** What a server answers, to be quoted in a sentence of ours: one line of at most 300 characters, without a full stop. Not redacted. */
export function quoteAnswer(text: string): string {
  return cut(text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, ''), longest);
}
