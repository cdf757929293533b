import { LifeguardError } from '../../../src/core/errors.ts';
import type { Investigator, InvestigatorQuestion } from '../../../src/core/ports/investigator.ts';

export interface FakeInvestigator extends Investigator {
  readonly asked: InvestigatorQuestion[];
}

/** Says `answer` to everything; without one it thinks until it is told to stop. */
export function createFakeInvestigator(name: string, answer?: string): FakeInvestigator {
  const asked: InvestigatorQuestion[] = [];
  return {
    name,
    asked,
    async ask(question, signal) {
      asked.push(question);
      if (answer !== undefined && !signal.aborted) return answer;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw new LifeguardError(`${name} did not answer (no answer in time).`, {
        code: 'investigator-unreachable',
        retry: 'transient',
      });
    },
  };
}
