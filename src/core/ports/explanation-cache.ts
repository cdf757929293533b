import type { KeptDraft } from '../explanation.ts';

/** What a model answered, by the fingerprint of what it was asked; for a while, and never more than so many: the oldest goes first. */
export interface ExplanationCache {
  read(fingerprint: string): Promise<KeptDraft | undefined>;
  keep(fingerprint: string, kept: KeptDraft): Promise<void>;
}
