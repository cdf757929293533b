import { createHmac } from 'node:crypto';

/** How every placeholder begins, also those of records from before they had kinds. */
export const placeholderStart = '[redacted';

/** 16 bits: enough to tell the few secrets of an incident apart, too few to find out which of many guesses was right. */
const tagLength = 4;

let key: string | undefined;

/**
 * Gives placeholders their tags: the same secret then has the same tag wherever it stands. `secret` is known to this installation alone and cannot
 * be guessed, so that nobody can try out passwords against a tag. Without it there are no tags.
 */
export function keyPlaceholders(secret: string | undefined): void {
  key = secret;
}

/** `[redacted:github-token#3f2a]`: what it was, and a tag that is the same for the same value. */
export function placeholder(kind: string, secret: string): string {
  if (key === undefined) return `${placeholderStart}:${kind}]`;
  const tag = createHmac('sha256', key).update(secret).digest('hex').slice(0, tagLength);
  return `${placeholderStart}:${kind}#${tag}]`;
}

/** Whether something was taken out of a text. */
export function isRedacted(text: string): boolean {
  return text.includes(placeholderStart);
}
