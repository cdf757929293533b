import type { OpenAI } from 'openai';
import type { ModelUsage } from '../../core/ports/language-model.ts';
import { collect, readCompletion, type Turn } from './completion.ts';
import type { Request } from './dialogue.ts';
import { type ModelFailure, strange } from './failures.ts';

export interface ExchangeOptions {
  readonly client: OpenAI;
  readonly model: string;
  /** The end of the question as a whole. */
  readonly signal: AbortSignal;
  readonly toFailure: (error: unknown) => ModelFailure;
  /** Told of each call that was answered. */
  readonly onCall: ((usage: ModelUsage) => void) | undefined;
  /** Present where a person waits: the answer is streamed. */
  readonly onProgress: ((step: string) => void) | undefined;
}

/** The calls of one question. */
export interface Exchange {
  say(request: Request): Promise<Turn>;
  usage(): ModelUsage;
}

/** A call that the server failed is made again at once, one time in all: connections break when they have been idle. */
export function openExchange(options: ExchangeOptions): Exchange {
  const { signal, toFailure, onCall } = options;
  let total: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };
  let mayRepeat = true;

  async function say(request: Request): Promise<Turn> {
    try {
      const turn = await send(request, options);
      const { inputTokens, outputTokens } = turn;
      total = {
        calls: total.calls + 1,
        inputTokens: total.inputTokens + inputTokens,
        outputTokens: total.outputTokens + outputTokens,
      };
      onCall?.({ calls: 1, inputTokens, outputTokens });
      return turn;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.blame !== 'server' || signal.aborted || !mayRepeat) throw failure;
      mayRepeat = false;
      return say(request);
    }
  }
  return { say, usage: () => total };
}

async function send(request: Request, { client, model, signal, onProgress }: ExchangeOptions): Promise<Turn> {
  const body = { model, ...request };
  const { completions } = client.chat;
  if (onProgress !== undefined) {
    const streamed = { ...body, stream: true, stream_options: { include_usage: true } } as const;
    return collect(await completions.create(streamed, { signal }), () => onProgress('writes its answer'));
  }
  const turn = readCompletion(await completions.create(body, { signal }));
  if (turn === undefined) throw strange(model);
  return turn;
}
