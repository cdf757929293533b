import type { Incident, TimelineEntry } from '../incident.ts';

/** What a note changes in the incident besides its timeline. */
export interface IncidentMark {
  readonly proposalId?: string;
  readonly executing?: boolean;
  readonly escalated?: true;
  readonly resolved?: true;
  readonly silenced?: Incident['silences'][number];
  /** Id of a silence that was lifted. */
  readonly unsilenced?: string;
}

/** Writes an incident's story and asks for its report to be brought up to date. */
export interface Journal {
  note(incidentId: string, entry: TimelineEntry, mark?: IncidentMark): Promise<void>;
  /** Something that is shown with the incident changed (a proposal, an execution), but not its story. */
  touch(incidentId: string, mark?: IncidentMark): Promise<void>;
}

/** Reads incidents without changing them. */
export interface IncidentReader {
  get(id: string): Promise<Incident | undefined>;
  /** How many are open. */
  countOpen(): Promise<number>;
}
