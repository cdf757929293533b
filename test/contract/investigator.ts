import { describe, expect, it } from 'vitest';
import type { Investigator } from '../../src/core/ports/investigator.ts';

interface InvestigatorStage {
  readonly investigator: Investigator;
  /** Resolves once the question is on its way, where it is one that stays without an answer. */
  readonly underway: () => Promise<unknown>;
}

export interface InvestigatorWorld {
  /** One that will say `text`; silent where there is none. */
  readonly open: (text: string | undefined) => Promise<InvestigatorStage>;
}

const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const question = { subject, text: 'Why does it crash?' };

/** What whoever is asked for a second opinion does. */
export function describeInvestigator(name: string, { open }: InvestigatorWorld): void {
  describe(`the ${name} investigator`, () => {
    it('has a name and an answer', async () => {
      const { investigator } = await open('The database refuses connections.');
      expect(investigator.name).not.toBe('');
      const answer = await investigator.ask(question, new AbortController().signal);
      expect(answer).toContain('The database refuses connections.');
    });

    it('stops waiting at once when it is told to', async () => {
      const { investigator, underway } = await open(undefined);
      const ending = new AbortController();
      const failure = investigator.ask(question, ending.signal).catch((error: unknown) => error);
      await underway();
      ending.abort();
      expect(await failure).toMatchObject({ code: 'investigator-unreachable' });
    });

    it('asks nobody when it was told so before', async () => {
      const { investigator } = await open('too late');
      await expect(investigator.ask(question, AbortSignal.abort())).rejects.toMatchObject({
        code: 'investigator-unreachable',
      });
    });
  });
}
