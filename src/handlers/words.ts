import { distance } from 'fastest-levenshtein';
import { cut } from '../core/cut.ts';

const word = /"([^"]*)"|“([^”]*)”|'([^']*)'|(\S+)/gu;

/** The words a person typed: quotes (straight or curly) hold words together, backticks from copied examples fall off. */
export function splitWords(text: string): readonly string[] {
  return [...unescape(text).replaceAll('`', ' ').matchAll(word)].map(
    ([, straight, curly, single, plain]) => straight ?? curly ?? single ?? plain ?? '',
  );
}

/** Slack sends `&`, `<` and `>` escaped; what is stored is what was typed, and it is escaped again where it is shown. */
function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The rest of what was typed as the reason for it, at most 200 characters; empty where nothing is left. */
export function joinReason(words: readonly string[]): string {
  return cut(words.join(' '), 200);
}

/** The text without the mention of the bot itself. */
export function stripMention(text: string, botUserId: string): string {
  return text.replace(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'u'), ' ').trim();
}

/** The known word somebody probably meant: one typing slip for short words, up to three for long ones, or the start of it. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, slips: distance(wanted, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.slips - b.slips);
  const best = ranked[0];
  if (best !== undefined && best.slips <= slipsAllowed(wanted)) return best.candidate;
  return wanted.length < 3 ? undefined : known.find((candidate) => candidate.toLowerCase().startsWith(wanted));
}

function slipsAllowed({ length }: string): number {
  if (length <= 3) return 1;
  return length <= 7 ? 2 : 3;
}
