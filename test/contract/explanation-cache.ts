import { expect, it } from 'vitest';
import type { KeptDraft } from '../../src/core/explanation.ts';
import type { ExplanationCache } from '../../src/core/ports/explanation-cache.ts';

function kept(text: string): KeptDraft {
  const draft = { summary: [{ text, evidence: ['E1'] }], hypotheses: [], proposals: [], outside: false };
  return { draft, usage: { calls: 1, inputTokens: 1_200, outputTokens: 90 } };
}

/** What every cache of explanations promises. `open` answers an empty one for three. */
export function describeExplanationCache(open: () => Promise<ExplanationCache>): void {
  it('gives back what was kept under a fingerprint, and nothing for another', async () => {
    const cache = await open();
    await cache.keep('a', kept('It fails.'));
    expect(await cache.read('a')).toEqual(kept('It fails.'));
    expect(await cache.read('b')).toBeUndefined();
    await cache.keep('a', kept('It fails again.'));
    expect(await cache.read('a')).toEqual(kept('It fails again.'));
  });

  it('keeps no more than so many: the oldest goes first', async () => {
    const cache = await open();
    for (const print of ['a', 'b', 'c', 'd', 'e']) await cache.keep(print, kept(print));
    const read = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((print) => cache.read(print)));
    expect(read.map((one) => one !== undefined)).toEqual([false, false, true, true, true]);
  });
}
