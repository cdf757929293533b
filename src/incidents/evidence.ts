import type { Evidence, Injection } from '../core/evidence.ts';
import type { Explanation, Vote } from '../core/explanation.ts';
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { IncidentBook } from './book.ts';
import { explainIncident, voteOn } from './explaining.ts';
import { heed, keepGathered } from './gathering.ts';
import { addEvidence } from './transitions.ts';

export interface EvidenceKeeping {
  /** Keeps what was gathered for a finding of the incident, unless somebody else was faster. `inspect`: what in the incident tries to give instructions. */
  gathered(id: string, finding: Finding, found: Found): Promise<void>;
  /** Keeps what in the incident's findings tries to give instructions, where that is news. */
  heed(incident: Incident, injections: readonly Injection[]): Promise<void>;
  /** `injections`: what in it, or in what was found, tries to give instructions. */
  addEvidence(id: string, evidence: readonly Evidence[], injections?: readonly Injection[]): Promise<void>;
  /** Keeps what a model made of it, unless `stands` says of the present incident that it was asked about something else. */
  explain(id: string, explanation: Explanation, stands: (incident: Incident) => boolean): Promise<void>;
  /** What a person thinks of what a model made of it; undefined where nothing is known that a model made of it. */
  vote(id: string, opinion: { readonly by: string; readonly vote: Vote }): Promise<Voted | undefined>;
}

interface Found {
  readonly evidence: readonly Evidence[];
  readonly inspect: (incident: Incident) => readonly Injection[];
}

interface Voted {
  /** Whose explanation it is. */
  readonly model: string;
  /** What this person thought of it before. */
  readonly former: Vote | undefined;
}

export function createEvidenceKeeping(book: IncidentBook): EvidenceKeeping {
  return {
    gathered: async (id, finding, found) =>
      void (await book.change(id, (incident, now) => keepGathered(incident, { finding, ...found }, now))),
    async heed(incident, injections) {
      const isNews = heed(incident, injections, 0) !== incident;
      if (isNews) await book.change(incident.id, (current, now) => heed(current, injections, now));
    },
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
