import type { Incident } from '../incident.ts';

/** Asks for work to be done soon, by whichever worker is free, at least once. Asking twice for the same is one. */
export interface WorkQueue {
  execute(proposalId: string): Promise<void>;
  /** Have a model look at an incident, where there is one: its evidence is there, or is another. */
  explain(incidentId: string): Promise<void>;
  /** Bring what people see of an incident up to date with this version of it. */
  report(incident: Pick<Incident, 'id' | 'version' | 'channel'>): Promise<void>;
}
