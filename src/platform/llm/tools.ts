import type { ChatCompletionTool, ChatCompletionToolMessageParam } from 'openai/resources/chat/completions';
import { describeError } from '../../core/errors.ts';
import type { ModelQuestion, ModelTool } from '../../core/ports/language-model.ts';
import type { ToolCall } from './completion.ts';
import { strictSchema } from './strict-schema.ts';

/** Calls that are done in one turn; the others are told to come one after the other. */
const mostAtOnce = 4;

/** Characters of what a tool says that are passed on. */
const longestResult = 16_000;

/** What the server is told of the tools; throws `TypeError` where their parameters do not fit strict mode. */
export function describeTools(tools: readonly ModelTool[]): ChatCompletionTool[] {
  return tools.map(({ name, description, params }) => ({
    type: 'function',
    function: { name, description, parameters: { ...strictSchema(params, name) } },
  }));
}

/** Runs what the model asked for, in order. Whatever goes wrong is told to the model, so that it can do better. */
export async function runTools(
  calls: readonly ToolCall[],
  question: Pick<ModelQuestion<unknown>, 'tools' | 'onProgress'>,
): Promise<ChatCompletionToolMessageParam[]> {
  const messages: ChatCompletionToolMessageParam[] = [];
  for (const [at, call] of calls.entries()) {
    const content = at < mostAtOnce ? await runTool(call, question) : 'Not done: too many calls at once.';
    messages.push({ role: 'tool', tool_call_id: call.id, content: content.slice(0, longestResult) });
  }
  return messages;
}

async function runTool(
  { function: { name, arguments: text } }: ToolCall,
  { tools = [], onProgress }: Pick<ModelQuestion<unknown>, 'tools' | 'onProgress'>,
): Promise<string> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) return `There is no such tool. There are: ${tools.map((one) => one.name).join(', ')}.`;
  const params = tool.params.safeParse(parseArguments(text));
  if (!params.success) {
    const faults = params.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return `Not done: the parameters do not fit (${faults.join('; ')}).`;
  }
  onProgress?.(`looks up ${name}`);
  return tool.run(params.data).catch((error: unknown) => `Not done: ${describeError(error)}`);
}

/** Undefined where it is not JSON. No parameters at all may be said as nothing. */
function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}
