import { KeptDraft } from '../../core/explanation.ts';
import type { ExplanationCache } from '../../core/ports/explanation-cache.ts';
import { createBoundedTexts, type TextBounds } from './bounded-texts.ts';
import { parseStored } from './stored.ts';

export function createExplanationCache(bounds: TextBounds): ExplanationCache {
  const answers = createBoundedTexts('explanations', bounds);
  return {
    async read(fingerprint) {
      const text = await answers.read(fingerprint);
      return text === undefined ? undefined : parseStored({ key: answers.key, text, schema: KeptDraft });
    },
    keep: (fingerprint, kept) => answers.keep(fingerprint, JSON.stringify(kept)),
  };
}
