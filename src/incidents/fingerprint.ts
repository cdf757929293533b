import { createHash } from 'node:crypto';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';

/** Identity of what an incident is about; stable across restarts, re-creation of the object and differing details. */
export function fingerprint(about: {
  readonly cluster: string;
  readonly kind: string;
  readonly subject: ResourceRef;
}): string {
  return createHash('sha256')
    .update([about.cluster, about.kind, refKey(about.subject)].join('\n'))
    .digest('hex')
    .slice(0, 20);
}
