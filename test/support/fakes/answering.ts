import type { Answered, Answering, Inquiry, NotAnswered } from '../../../src/core/ports/answering.ts';

const unconfigured: NotAnswered = { refused: 'No model is configured.' };

/** Says what it is told to; what it was asked is kept. */
export function createFakeAnswering() {
  const asked: Inquiry[] = [];
  let reply: (inquiry: Inquiry) => Promise<Answered | NotAnswered> = async () => unconfigured;
  const answer: Answering = (inquiry) => {
    asked.push(inquiry);
    return reply(inquiry);
  };
  return {
    asked,
    answer,
    says: (next: typeof reply) => {
      reply = next;
    },
  };
}
