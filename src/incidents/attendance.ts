import type { Escalations } from '../core/escalation.ts';
import type { Incident } from '../core/incident.ts';
import { attend, type Decided, type Decision, decide, rate } from './attention.ts';
import type { IncidentBook } from './book.ts';

/** Who looks after an incident: what people decide, and the calls that are made while nobody does. */
export interface Attendance {
  /** What a person decides about an incident; undefined where it is not known. */
  decide(id: string, decision: Decision, by: string): Promise<Decided | undefined>;
  /** Makes the calls and reminders that are due. */
  attend(id: string): Promise<void>;
  /** What a person thinks of an incident; undefined where it is not known. */
  rate(id: string, feedback: { readonly by: string; readonly verdict: Verdict }): Promise<Rated | undefined>;
}

export type Verdict = Incident['attention']['feedback'][string];

interface Rated {
  readonly incident: Incident;
  /** What this person thought before; the same verdict again changes nothing. */
  readonly former: Verdict | undefined;
}

export function createAttendance(book: IncidentBook, escalations: Escalations): Attendance {
  return {
    async decide(id, decision, by) {
      let decided: Decided | undefined;
      const after = await book.change(id, (incident, now) => {
        decided = decide(incident, decision, { by, now });
        return 'refused' in decided ? incident : decided.incident;
      });
      return decided !== undefined && 'incident' in decided && after !== undefined ? { incident: after } : decided;
    },
    async attend(id) {
      await book.change(id, (incident, now) => attend(incident, escalations[incident.attention.escalation ?? ''], now));
    },
    async rate(id, { by, verdict }) {
      let former: Verdict | undefined;
      const incident = await book.change(id, (current) => {
        former = current.attention.feedback[by];
        return rate(current, by, verdict);
      });
      return incident === undefined ? undefined : { incident, former };
    },
  };
}
