import { LifeguardError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LanguageModel, ModelAnswer, ModelQuestion, ModelUsage } from '../core/ports/language-model.ts';
import type { Log } from '../core/ports/log.ts';
import type { ModelBudget } from '../core/ports/model-budget.ts';

/** What asking a model needs. */
export interface Asking {
  /** Absent where none is configured. */
  readonly model: LanguageModel | undefined;
  /** For one question with all that the model looks up on the way, milliseconds. */
  readonly deadlineMs: number;
  readonly budget: ModelBudget;
  /** In the configured currency; undefined where no price is configured. */
  readonly costOf: (usage: ModelUsage) => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks once, within the deadline: a model that does not answer by then is `model-unreachable`, whether or not it heeds the signal. */
export async function askModel<T>(
  question: ModelQuestion<T>,
  { model, deadlineMs, clock }: Pick<Asking, 'model' | 'deadlineMs' | 'clock'>,
): Promise<ModelAnswer<T>> {
  if (model === undefined) throw tooLate('No model is configured.');
  const stop = new AbortController();
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const cancel = clock.schedule(clock.now() + deadlineMs, () => {
    stop.abort();
    reject(tooLate(`The model did not answer within ${Math.round(deadlineMs / 1000)} s.`));
  });
  try {
    return await Promise.race([model.answer(question, stop.signal), overdue]);
  } finally {
    cancel();
  }
}

function tooLate(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'model-unreachable', retry: 'transient' });
}
