import type { Evidence } from '../evidence.ts';
import type { ResourceRef } from '../resource-ref.ts';

/** `text` is redacted. */
export interface InvestigatorQuestion {
  readonly subject: ResourceRef;
  readonly text: string;
}

/** A second opinion from another system. It may read what it likes there, and gets no rights from here. */
export interface Investigator {
  /** Its name as people know it: `kagent`. */
  readonly name: string;
  /**
   * The answer is a redacted text of bounded length, never empty. The signal is the only deadline and ends the waiting at once. Fails with
   * `investigator-unreachable` (also when the signal ended it) or `investigator-rejected`.
   */
  ask(question: InvestigatorQuestion, signal: AbortSignal): Promise<string>;
}

/** What came of asking all of them. */
export interface SecondOpinions {
  /** Quoted, of the kind `opinion`, without ids. */
  readonly opinions: readonly Omit<Evidence, 'id'>[];
  /** Why the others said nothing, a sentence each. */
  readonly silent: readonly string[];
}
