import { APIError, OpenAI } from 'openai';
import { z } from 'zod';
import { describeError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LanguageModel } from '../../core/ports/language-model.ts';
import { limitAnswers } from './bounded-fetch.ts';
import { createCircuit } from './circuit.ts';
import { converse } from './dialogue.ts';
import { openExchange } from './exchange.ts';
import { type ModelFailure, toFailure } from './failures.ts';
import { createLadder } from './ladder.ts';
import { strictSchema } from './strict-schema.ts';
import { describeTools } from './tools.ts';

export interface LanguageModelOptions {
  readonly name: string;
  /** With the version: `http://vllm.ai:8000/v1`. Absent: OpenAI's own. */
  readonly baseUrl: string | undefined;
  /** Absent: the server asks for none. */
  readonly key: string | undefined;
  /** For a whole question, its repair and its tools included, milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Clock;
}

export interface RemoteModel extends LanguageModel {
  /** A sentence on why it will not answer, found out without a question; undefined where nothing speaks against it. */
  check(signal: AbortSignal): Promise<string | undefined>;
}

/** Bytes of one answer: a hundred times what an explanation takes. */
const largestAnswer = 2 ** 20;

/** After so many failures in a row the server is left alone for so long; after it refused the key, for longer. Milliseconds. */
const breaker = { failures: 3, restMs: 60_000, refusedRestMs: 600_000 } as const;

/**
 * Talks Chat Completions to OpenAI or to any server that speaks it. A question costs one call more than it needs for each of these, at most: a form of answer
 * that the server does not take (once in the life of the process), a server that failed, an answer that does not fit. Nothing of it is logged here.
 */
export function createLanguageModel({ name, baseUrl, key, deadlineMs, clock }: LanguageModelOptions): RemoteModel {
  const client = openClient({ baseUrl, key, deadlineMs });
  const circuit = createCircuit({ clock, ...breaker });
  const ladder = createLadder();

  /** Does the work under the deadline and the caller's signal; whatever is thrown becomes a `ModelFailure`. */
  function bounded<T>(caller: AbortSignal, work: (bounds: Bounds) => Promise<T>): Promise<T> {
    return circuit.run(async () => {
      const deadline = AbortSignal.timeout(deadlineMs);
      const signal = AbortSignal.any([caller, deadline]);
      const blame = (error: unknown): ModelFailure =>
        toFailure(error, { model: name, caller, deadline, deadlineMs, now: clock.now() });
      try {
        signal.throwIfAborted();
        return await Promise.race([work({ signal, toFailure: blame }), ending(signal)]);
      } catch (error) {
        throw blame(error);
      }
    });
  }

  return {
    name,
    async answer(question, signal) {
      const shape = strictSchema(question.schema, question.schemaName);
      const tools = question.tools ?? [];
      describeTools(tools);
      return bounded(signal, async (bounds) => {
        const { onCall, onProgress } = question;
        const exchange = openExchange({ client, model: name, ...bounds, onCall, onProgress });
        const value = await ladder.descend(tools.length > 0, (rung) =>
          converse({ model: name, question, shape, rung, say: (request) => exchange.say(request) }),
        );
        return { value, usage: exchange.usage() };
      });
    },
    check: (signal) =>
      bounded(signal, (bounds) => lookUp(client, name, bounds.signal)).catch((error: unknown) => describeError(error)),
  };
}

interface Bounds {
  readonly signal: AbortSignal;
  readonly toFailure: (error: unknown) => ModelFailure;
}

/** Its own retries and time limits are off: they would repeat what was too slow, and wait where this process rests. What the environment says is not read here. */
function openClient({
  baseUrl,
  key,
  deadlineMs,
}: Pick<LanguageModelOptions, 'baseUrl' | 'key' | 'deadlineMs'>): OpenAI {
  return new OpenAI({
    apiKey: key ?? 'none',
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: deadlineMs,
    logLevel: 'off',
    fetch: limitAnswers(largestAnswer),
  });
}

/** Rejects when the signal aborts: tools that hang know nothing of it. */
function ending(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Names of other models that are told at most. */
const namesShown = 5;

/** Whether the server has the model; nothing is said where it does not list what it has. */
async function lookUp(client: OpenAI, name: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await client.get<unknown>('/models', { signal }).catch((error: unknown) => {
    if (error instanceof APIError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  });
  const ids = Models.safeParse(answer).data?.data.map(({ id }) => id) ?? [name];
  if (ids.includes(name)) return undefined;
  return `The model's server has no ${name}; among what it has: ${ids.slice(0, namesShown).join(', ') || 'nothing'}. Check model.name.`;
}
