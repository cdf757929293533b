import type { LanguageModel, ModelQuestion, ModelUsage } from '../../../src/core/ports/language-model.ts';
import type { Turn } from '../../../src/platform/llm/completion.ts';
import { converse } from '../../../src/platform/llm/dialogue.ts';
import { ModelFailure } from '../../../src/platform/llm/failures.ts';
import { strictSchema } from '../../../src/platform/llm/strict-schema.ts';
import { describeTools } from '../../../src/platform/llm/tools.ts';

/** What a model does with one call. */
export type ModelStep =
  /** Says this value as JSON, or this text as it is. */
  | { readonly says: unknown }
  /** Calls a tool with these parameters. */
  | { readonly calls: string; readonly with: unknown }
  | 'declines'
  | 'is away'
  | 'refuses the key'
  | 'hangs';

export interface FakeModel extends LanguageModel {
  /** What it was asked, the oldest first. */
  readonly questions: readonly ModelQuestion<unknown>[];
  /** Calls that it got. */
  readonly calls: number;
  /** What it does with the calls to come; after them it is away. */
  script(...steps: readonly ModelStep[]): void;
}

/** Tokens of every call. */
const tokens = { inputTokens: 100, outputTokens: 20 } as const;

/** A model that does what it is told, one step for each call, with the talk of the real one around it. */
export function scriptedModel(...script: readonly ModelStep[]): FakeModel {
  const steps = [...script];
  const questions: ModelQuestion<unknown>[] = [];
  let calls = 0;

  function next(signal: AbortSignal): Promise<Turn> | Turn {
    calls += 1;
    const step = steps.shift() ?? 'is away';
    if (step === 'is away') throw new ModelFailure('server', 'The model is away.');
    if (step === 'refuses the key') throw new ModelFailure('access', 'The model refuses the key.');
    if (step === 'hangs') return hangUntil(signal);
    return turnOf(step);
  }

  return {
    name: 'fake',
    questions,
    get calls() {
      return calls;
    },
    script: (...more) => void steps.push(...more),
    async answer(question, signal) {
      const shape = strictSchema(question.schema, question.schemaName);
      describeTools(question.tools ?? []);
      if (signal.aborted) throw withdrawn();
      questions.push(question);
      let usage: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };
      const value = await converse({
        model: 'fake',
        question,
        shape,
        rung: { format: 'json_schema', tools: (question.tools ?? []).length > 0 },
        async say() {
          const turn = await next(signal);
          const { inputTokens, outputTokens } = usage;
          usage = {
            calls: usage.calls + 1,
            inputTokens: inputTokens + tokens.inputTokens,
            outputTokens: outputTokens + tokens.outputTokens,
          };
          question.onCall?.({ calls: 1, ...tokens });
          return turn;
        },
      });
      return { value, usage };
    },
  };
}

function turnOf(step: Exclude<ModelStep, 'is away' | 'refuses the key' | 'hangs'>): Turn {
  const silent = { content: '', refusal: '', toolCalls: [], ended: 'stop', ...tokens };
  if (step === 'declines') return { ...silent, refusal: 'no' };
  if ('says' in step) return { ...silent, content: textOf(step.says) };
  return { ...silent, toolCalls: [{ id: 'call', function: { name: step.calls, arguments: textOf(step.with) } }] };
}

/** A text as it is, anything else as JSON. */
export function textOf(said: unknown): string {
  return typeof said === 'string' ? said : JSON.stringify(said);
}

function hangUntil(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(withdrawn()), { once: true });
  return promise;
}

function withdrawn(): ModelFailure {
  return new ModelFailure('caller', 'The question was withdrawn.');
}
