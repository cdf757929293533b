import type { z } from 'zod';

export interface ModelQuestion<T> {
  /** What the model is and must do: ours alone, never a text from the cluster. */
  readonly instructions: string;
  /** What it is about, as data: redacted. */
  readonly data: string;
  /** What the answer must fit: an object whose keys are all there (nullable rather than optional, no records). Its name is letters, digits and `_`. */
  readonly schema: z.ZodType<T>;
  readonly schemaName: string;
  /** What it may look up on the way; absent: nothing. */
  readonly tools?: readonly ModelTool[];
  /** Told of each call that was answered, also of a question that fails in the end: it costs all the same. */
  readonly onCall?: (usage: ModelUsage) => void;
  /** Told of what it does on the way, as `looks up events`, where a person waits. */
  readonly onProgress?: (step: string) => void;
}

/** Reads something; never changes anything. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly params: z.ZodType;
  /** Parameters as the schema gave them; answers redacted text. A refusal is a text too. */
  readonly run: (params: unknown) => Promise<string>;
}

export interface ModelUsage {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelAnswer<T> {
  readonly value: T;
  /** All calls of the question together. */
  readonly usage: ModelUsage;
}

/**
 * A model that answers in a given shape. Fails with `model-unreachable` (transient: away, overloaded, too slow, or its breaker is open), `model-rejected`
 * (permanent: key, model or request refused) or `model-unusable` (it answered, but nothing that fits, after one repair; or it declined). A schema or tool that
 * cannot be asked for is a mistake in the program: `TypeError`, before any call.
 */
export interface LanguageModel {
  /** As it is shown to people: `gpt-5-mini`. */
  readonly name: string;
  answer<T>(question: ModelQuestion<T>, signal: AbortSignal): Promise<ModelAnswer<T>>;
}
