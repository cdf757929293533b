import type { Evidence } from '../evidence.ts';
import type { Confidence, Sentence } from '../explanation.ts';
import type { ModelUsage } from './language-model.ts';

/** A person's question about an incident. */
export interface Inquiry {
  readonly incidentId: string;
  readonly question: string;
  /** Whether the asker may see a namespace; `''` is the cluster. */
  readonly may: (namespace: string) => boolean;
  /** Told of what is done on the way: `looks up read_logs`. */
  readonly onProgress?: (step: string) => void;
}

/** What could be said, checked; `evidence` is what was read for it (T1, T2, …), as far as it is cited. */
export interface Answered {
  readonly sentences: readonly Sentence[];
  /** `outside`: neither the evidence nor what was read answers it. */
  readonly confidence: Confidence;
  /** Sentences that were not supported and are not in it. */
  readonly dropped: number;
  readonly evidence: readonly Evidence[];
  readonly model: string;
  readonly usage: ModelUsage;
  /** In the currency of the configured price; absent where no price is configured. */
  readonly cost?: number | undefined;
}

/** A sentence that says why there is no answer. */
export interface NotAnswered {
  readonly refused: string;
}

/** Answers questions about incidents. Fails with the codes of a `LanguageModel`. */
export type Answering = (inquiry: Inquiry) => Promise<Answered | NotAnswered>;
