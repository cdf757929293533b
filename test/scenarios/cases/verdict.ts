import type { Incident } from '../../../src/core/incident.ts';
import type { Fault } from './case.ts';

export interface Verdict {
  /** The incident that the fault was to become. */
  readonly match: Incident | undefined;
  /** Whether it is the only one. */
  readonly alone: boolean;
}

export function judgeFault({ expects, subject }: Fault, incidents: readonly Incident[]): Verdict {
  const match = incidents.find(
    (incident) => `${incident.subject.kind}/${incident.subject.name}` === subject && expects.includes(incident.kind),
  );
  return { match, alone: match !== undefined && incidents.length === 1 };
}
