import type { Config } from '../config/load.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LanguageModel } from '../core/ports/language-model.ts';
import type { Log } from '../core/ports/log.ts';
import { createLanguageModel } from '../platform/llm/language-model.ts';
import type { Environment } from './environment.ts';

interface ModelOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long the check at the start may take, milliseconds. */
const checkMs = 10_000;

/**
 * The model that words explanations, where a key or an address is set. One line says whether there is one; that it will not answer is found out in the
 * background and is no reason not to start.
 */
export function openModel({ config, environment, clock, log }: ModelOptions): LanguageModel | undefined {
  const { name, deadlineSeconds } = config.model;
  const { modelKey: key, modelUrl: baseUrl } = environment;
  if (key === undefined && baseUrl === undefined) {
    log.info('no model: neither OPENAI_API_KEY nor OPENAI_BASE_URL is set; explanations are those of the rules');
    return undefined;
  }
  const model = createLanguageModel({ name, baseUrl, key, deadlineMs: deadlineSeconds * 1_000, clock });
  void model.check(AbortSignal.timeout(checkMs)).then((problem) => {
    if (problem === undefined) log.info('explanations are worded by a model', { model: name });
    else
      log.error('the model is not ready; until it answers, explanations are those of the rules', {
        model: name,
        problem,
      });
  });
  return model;
}
