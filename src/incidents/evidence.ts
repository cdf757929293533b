import type { Evidence, Injection } from '../core/evidence.ts';
import type { Explanation, Vote } from '../core/explanation.ts';
import type { Incident } from '../core/incident.ts';
import type { IncidentBook } from './book.ts';
import { explainIncident, voteOn } from './explaining.ts';
import { addEvidence } from './transitions.ts';

export interface EvidenceKeeping {
  /** `injections`: what in it, or in what was found, tries to give instructions. */
  addEvidence(id: string, evidence: readonly Evidence[], injections?: readonly Injection[]): Promise<void>;
  /** Keeps what a model made of it, unless `stands` says of the present incident that it was asked about something else. */
  explain(id: string, explanation: Explanation, stands: (incident: Incident) => boolean): Promise<void>;
  /** What a person thinks of what a model made of it; undefined where nothing is known that a model made of it. */
  vote(id: string, opinion: { readonly by: string; readonly vote: Vote }): Promise<Voted | undefined>;
}

interface Voted {
  /** Whose explanation it is. */
  readonly model: string;
  /** What this person thought of it before. */
  readonly former: Vote | undefined;
}

export function createEvidenceKeeping(book: IncidentBook): EvidenceKeeping {
  return {
    addEvidence: async (id, evidence, injections = []) =>
      void (await book.change(id, (incident, now) => addEvidence(incident, { evidence, injections }, now))),
    explain: async (id, explanation, stands) =>
      void (await book.change(id, (incident, now) =>
        stands(incident) ? explainIncident(incident, explanation, now) : incident,
      )),
    async vote(id, { by, vote }) {
      let voted: Voted | undefined;
      await book.change(id, (incident) => {
        const { explanation } = incident;
        voted = explanation === undefined ? undefined : { model: explanation.model, former: explanation.votes?.[by] };
        return voteOn(incident, by, vote);
      });
      return voted;
    },
  };
}
