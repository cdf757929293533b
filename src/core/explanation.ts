import { z } from 'zod';

/** A sentence that stands in the evidence it names. */
export const Sentence = z.object({ text: z.string(), evidence: z.array(z.string()).min(1) });
export type Sentence = Readonly<z.infer<typeof Sentence>>;

export const Hypothesis = Sentence.extend({
  /** What one would look at, and what would then speak for it or against it. */
  confirms: z.string(),
  refutes: z.string(),
});
export type Hypothesis = Readonly<z.infer<typeof Hypothesis>>;

export const Confidence = z.enum(['high', 'medium', 'low', 'outside']);
export type Confidence = z.infer<typeof Confidence>;

/** What a model answers before anything of it is checked. Every field is required and nothing is a record, as strict structured output wants it. */
export const Draft = z.object({
  summary: z.array(z.object({ text: z.string(), evidence: z.array(z.string()) })),
  hypotheses: z.array(
    z.object({ text: z.string(), evidence: z.array(z.string()), confirms: z.string(), refutes: z.string() }),
  ),
  proposals: z.array(
    z.object({
      action: z.string(),
      /** `Deployment shop/checkout`. */
      target: z.string(),
      params: z.array(z.object({ name: z.string(), value: z.string() })),
      reason: z.string(),
      evidence: z.array(z.string()),
    }),
  ),
  /** True where the evidence does not show the cause. */
  outside: z.boolean(),
});
export type Draft = Readonly<z.infer<typeof Draft>>;

/** A draft as it is kept: what it cost is known, what of it stands is checked each time. */
export const KeptDraft = z.object({
  draft: Draft,
  usage: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
});
export type KeptDraft = Readonly<z.infer<typeof KeptDraft>>;

/** What a person thinks of an explanation. */
export const Vote = z.enum(['helpful', 'wrong']);
export type Vote = z.infer<typeof Vote>;

/** What a model made of an incident's evidence, after every sentence was checked against it. */
export const Explanation = z.object({
  /** The model's name. */
  model: z.string(),
  at: z.number(),
  /** Of the evidence and the model: the same gives the same explanation. */
  fingerprint: z.string(),
  summary: z.array(Sentence),
  hypotheses: z.array(Hypothesis).default([]),
  /** Computed from the evidence that is cited, never asked for. `outside`: the cause is not in what can be seen. */
  confidence: Confidence,
  /** Sentences, hypotheses and proposals that were not supported and are not shown. */
  dropped: z.number(),
  usage: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
  /** In the currency of the configured price; absent where no price is configured. */
  cost: z.number().optional(),
  /** Person -> what they think of it; their last word counts. */
  votes: z.record(z.string(), Vote).exactOptional(),
});
export type Explanation = Readonly<z.infer<typeof Explanation>>;
