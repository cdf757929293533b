import { z } from 'zod';

const ToolCall = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
export type ToolCall = Readonly<z.infer<typeof ToolCall>>;

const text = z
  .string()
  .nullish()
  .transform((said) => said ?? '');
const tokens = z
  .number()
  .nullish()
  .transform((count) => count ?? 0);

const Usage = z.object({ prompt_tokens: tokens, completion_tokens: tokens });

const Completion = z.object({
  choices: z.tuple(
    [
      z.object({
        finish_reason: text,
        message: z.object({ content: text, refusal: text, tool_calls: z.array(ToolCall).nullish() }),
      }),
    ],
    z.unknown(),
  ),
  usage: Usage.nullish(),
});

const Part = z.object({
  index: z.number(),
  id: text,
  function: z
    .object({ name: text, arguments: text })
    .nullish()
    .transform((given) => given ?? { name: '', arguments: '' }),
});

const Delta = z.object({ content: text, refusal: text, tool_calls: z.array(Part).nullish() });

const Chunk = z.object({
  choices: z.array(z.object({ finish_reason: text, delta: Delta })),
  usage: Usage.nullish(),
});

/** What a model said in one turn; texts are empty where it said nothing. */
export interface Turn {
  readonly content: string;
  readonly refusal: string;
  readonly toolCalls: readonly ToolCall[];
  /** `stop`, `length`, `content_filter` and the like. */
  readonly ended: string;
  /** 0 where the server does not say. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Reads an answer of Chat Completions; undefined where it is none. */
export function readCompletion(answer: unknown): Turn | undefined {
  const parsed = Completion.safeParse(answer);
  if (!parsed.success) return undefined;
  const { choices, usage } = parsed.data;
  const [{ finish_reason: ended, message }] = choices;
  return {
    content: message.content,
    refusal: message.refusal,
    toolCalls: message.tool_calls ?? [],
    ended,
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
  };
}

/** Puts a streamed answer together; `onWords` is told when its first word comes. Throws where a piece is none of Chat Completions. */
export async function collect(chunks: AsyncIterable<unknown>, onWords: () => void): Promise<Turn> {
  let turn: Turn = { content: '', refusal: '', toolCalls: [], ended: '', inputTokens: 0, outputTokens: 0 };
  for await (const piece of chunks) {
    const { choices, usage } = Chunk.parse(piece);
    const [choice] = choices;
    if (turn.content === '' && choice !== undefined && choice.delta.content !== '') onWords();
    turn = {
      ...turn,
      ...(choice === undefined ? {} : append(turn, choice)),
      ...(usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : {}),
    };
  }
  return turn;
}

function append(turn: Turn, { delta, finish_reason }: z.infer<typeof Chunk>['choices'][number]): Partial<Turn> {
  return {
    content: turn.content + delta.content,
    refusal: turn.refusal + delta.refusal,
    ended: finish_reason === '' ? turn.ended : finish_reason,
    toolCalls: (delta.tool_calls ?? []).reduce(appendCall, turn.toolCalls),
  };
}

function appendCall(
  calls: readonly ToolCall[],
  { index, id, function: more }: z.infer<typeof Part>,
): readonly ToolCall[] {
  const { id: known = '', function: begun = { name: '', arguments: '' } } = calls[index] ?? {};
  const call = {
    id: known === '' ? id : known,
    function: { name: begun.name + more.name, arguments: begun.arguments + more.arguments },
  };
  return index < calls.length ? calls.with(index, call) : [...calls, call];
}
