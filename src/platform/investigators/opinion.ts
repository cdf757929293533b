import { cutMiddle } from '../../core/cut.ts';
import { redact } from '../../core/redact.ts';

/** What another system said, as it may be kept and shown: redacted first, then cut in its middle where it is longer than `most` characters. */
export function writeOpinion(text: string, most: number): string {
  return cutMiddle(redact(text).trim(), most);
}
