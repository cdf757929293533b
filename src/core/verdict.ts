import { z } from 'zod';

/** A guardrail's answer. A returned value, never thrown. */
export const Verdict = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('allow'), reason: z.string() }),
  z.object({ answer: z.literal('needs-approval'), reason: z.string() }),
  /** `retryAt`: epoch milliseconds at which the guardrail will look again; absent when only a person can change it. */
  /** `forGood`: waiting will not change it, so whoever has another way takes that. */
  z.object({
    answer: z.literal('deny'),
    reason: z.string(),
    retryAt: z.number().optional(),
    forGood: z.literal(true).optional(),
  }),
]);
export type Verdict = Readonly<z.infer<typeof Verdict>>;

/** One guardrail's verdict, by name, so that every refusal can be shown. */
export const Ruling = z.object({ guardrail: z.string(), verdict: Verdict });
export type Ruling = Readonly<z.infer<typeof Ruling>>;

/** `budget: deny (10 of 10 actions in 1 h)`, one for each. */
export function describeRulings(rulings: readonly Ruling[]): string[] {
  return rulings.map(({ guardrail, verdict }) => `${guardrail}: ${verdict.answer} (${verdict.reason})`);
}

export function allow(reason: string): Verdict {
  return { answer: 'allow', reason };
}

export function needsApproval(reason: string): Verdict {
  return { answer: 'needs-approval', reason };
}

export function deny(reason: string, retryAt?: number): Verdict {
  return retryAt === undefined ? { answer: 'deny', reason } : { answer: 'deny', reason, retryAt };
}

/** A no that waiting will not change: the next rung of a ladder, or people. */
export function denyForGood(reason: string): Verdict {
  return { answer: 'deny', reason, forGood: true };
}
