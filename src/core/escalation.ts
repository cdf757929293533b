import type { Callee } from './attention.ts';
import type { Severity } from './finding.ts';

/** Who is called when nobody acknowledges an incident. Durations in milliseconds. */
export interface Escalation {
  /** Incidents of other severities are left alone. */
  readonly severities: readonly Severity[];
  /** One after the other; each waits so long after the one before it, the first after the incident opened. */
  readonly steps: readonly { readonly waitMs: number; readonly call: Callee }[];
  /** How often the steps are begun again. */
  readonly repeat: number;
  /** After so long an acknowledged incident that is still open is recalled to who has it. */
  readonly remindMs: number;
}

/** Escalations by name. */
export type Escalations = Readonly<Record<string, Escalation>>;
