import { cut } from '../core/cut.ts';
import type { Draft } from '../core/explanation.ts';

/** The most that is kept of an answer before it is checked: nothing that is longer or later could be shown. */
const most = { items: 8, text: 1_000, word: 300, cited: 16 } as const;

/** A draft of a size that can be kept, whatever the model wrote. */
export function trimDraft({ summary, hypotheses, proposals, outside }: Draft): Draft {
  return {
    summary: trim(summary).map((one) => ({ ...trimClaim(one) })),
    hypotheses: trim(hypotheses).map(({ confirms, refutes, ...one }) => ({
      ...trimClaim(one),
      confirms: bound(confirms, most.text),
      refutes: bound(refutes, most.text),
    })),
    proposals: trim(proposals).map(({ action, target, params, reason, evidence }) => ({
      action: bound(action, most.word),
      target: bound(target, most.word),
      params: trim(params).map(({ name, value }) => ({ name: bound(name, most.word), value: bound(value, most.word) })),
      reason: bound(reason, most.text),
      evidence: trimIds(evidence),
    })),
    outside,
  };
}

export function trimClaim({ text, evidence }: Draft['summary'][number]): Draft['summary'][number] {
  return { text: bound(text, most.text), evidence: trimIds(evidence) };
}

function trim<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, most.items);
}

function trimIds(ids: readonly string[]): string[] {
  return ids.slice(0, most.cited).map((id) => bound(id, most.word));
}

function bound(text: string, limit: number): string {
  return cut(text.toWellFormed(), limit, '');
}
