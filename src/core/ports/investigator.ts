import type { ResourceRef } from '../resource-ref.ts';

/** A second opinion from another system. It may read what it likes there, and gets no rights from here. */
export interface Investigator {
  /** Its name as people know it: `kagent`. */
  readonly name: string;
  /** `question` and the answer are redacted texts. Fails with `investigator-unreachable` or `investigator-rejected`. */
  ask(question: { readonly subject: ResourceRef; readonly text: string }, signal: AbortSignal): Promise<string>;
}
