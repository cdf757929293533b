import { redact } from '../../core/redact.ts';

/** What another system said, as it may be kept and shown: redacted first, then cut in its middle where it is longer than `most` characters. */
export function writeOpinion(text: string, most: number): string {
  const safe = redact(text).trim();
  if (safe.length <= most) return safe;
  const half = Math.floor(most / 2);
  return `${safe.slice(0, half)}\n… (${safe.length - 2 * half} characters left out)\n${safe.slice(safe.length - half)}`;
}
