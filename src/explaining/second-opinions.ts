import { describeError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Investigator, InvestigatorQuestion, SecondOpinions } from '../core/ports/investigator.ts';
import { redact } from '../core/redact.ts';
import { refKey } from '../core/resource-ref.ts';

interface OpinionContext {
  readonly investigators: readonly Investigator[];
  readonly clock: Clock;
}

/** An agent reads and thinks for a minute or two, milliseconds. */
const deadlineMs = 120_000;

/**
 * Asks every investigator at once, as a person wants it; nothing asks by itself. What they say is evidence of the kind `opinion`: quoted to people, and
 * neither a fact nor a command. Never fails.
 */
export async function askInvestigators(
  { investigators, clock }: OpinionContext,
  { subject, text }: InvestigatorQuestion,
): Promise<SecondOpinions> {
  const question = { subject, text: redact(text) };
  const ending = new AbortController();
  const stop = clock.schedule(clock.now() + deadlineMs, () => ending.abort());
  const answers = await Promise.allSettled(
    investigators.map((investigator) => investigator.ask(question, ending.signal)),
  );
  stop();
  return {
    opinions: answers.flatMap((answer, index) =>
      answer.status === 'rejected'
        ? []
        : [
            {
              kind: 'opinion' as const,
              source: `${investigators[index]?.name ?? ''} about ${refKey(subject)}`,
              text: redact(answer.value),
              at: clock.now(),
            },
          ],
    ),
    silent: answers.flatMap((answer) => (answer.status === 'rejected' ? [describeError(answer.reason)] : [])),
  };
}
