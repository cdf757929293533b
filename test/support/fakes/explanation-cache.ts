import type { KeptDraft } from '../../../src/core/explanation.ts';
import type { ExplanationCache } from '../../../src/core/ports/explanation-cache.ts';

export function createFakeExplanationCache(most = 1_000): ExplanationCache {
  const kept = new Map<string, KeptDraft>();
  return {
    read: async (fingerprint) => structuredClone(kept.get(fingerprint)),
    async keep(fingerprint, draft) {
      kept.delete(fingerprint);
      kept.set(fingerprint, structuredClone(draft));
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
  };
}
