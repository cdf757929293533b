import { createHash, randomInt } from 'node:crypto';

/** Without vowels and look-alikes, as Kubernetes names things. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The five characters at the end of generated names. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** A short name for the content. */
export function hashName(value: unknown): string {
  const digest = createHash('sha256').update(canonical(value)).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
