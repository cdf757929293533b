import type { LookAlike } from './look-alikes.ts';
import type { Planted } from './planted.ts';

/** Characters of a secret in a row that count as told, where it has as many. */
const told = 8;

/** Whether a part of a secret is left. */
function tells(text: string, secret: string): boolean {
  const length = Math.min(told, secret.length);
  return Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length)).some((part) =>
    text.includes(part),
  );
}

/** The planted secrets of which something is left. */
export function findMisses(planted: readonly Planted[], redact: (text: string) => string): readonly Planted[] {
  return planted.filter(({ text, secrets }) => {
    const safe = redact(text);
    return secrets.some((secret) => tells(safe, secret));
  });
}

/** The look-alikes that are changed. */
export function findFalseHits(
  lookAlikes: readonly LookAlike[],
  redact: (text: string) => string,
): readonly LookAlike[] {
  return lookAlikes.filter(({ text }) => redact(text) !== text);
}
