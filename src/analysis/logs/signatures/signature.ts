/** Where the trouble lies, which is who has to act. */
export type SignatureClass = 'upstream' | 'config' | 'capacity' | 'code' | 'credentials' | 'network' | 'storage';

/** An error that programs word alike, whoever wrote them. */
export interface Signature {
  readonly id: string;
  readonly class: SignatureClass;
  /**
   * What it is known by; any of them. Named groups are facts. Every repetition has an upper bound, so that a text takes time in proportion to its length
   * whatever stands in it.
   */
  readonly patterns: readonly RegExp[];
  /** What it means: one sentence. `{fact|what to say without it}`. */
  readonly cause: string;
  /** What to look at or to do: one sentence or two. Facts come from a log and never stand in a command that people might copy. */
  readonly next: string;
}

/** Values by the names of their groups. */
export type SignatureFacts = Readonly<Record<string, string>>;

/** A sentence with its facts filled in. */
export function fillSentence(sentence: string, facts: SignatureFacts): string {
  return sentence.replace(/\{(\w+)\|([^{}]*)\}/g, (_, name: string, otherwise: string) => facts[name] ?? otherwise);
}
