import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { parseObject, readBody } from '../slack/http-body.ts';
import { composeAnswer } from './answer.ts';
import type { Abilities, Behavior } from './behavior.ts';
import { type ChatRequest, dataOf, readChatRequest, shapeOf, understands } from './chat-request.ts';
import { readFacts } from './facts.ts';
import { breakOff, flood, type Message, sendFailure, sendGarbage, sendJson, sendMessage } from './wire.ts';

/** As it is shown to people: nobody should take its words for those of a model. */
export const scriptedName = 'scripted-demo';

/** An OpenAI-compatible server on loopback whose answers follow a script instead of a model. */
export interface ScriptedModel {
  /** For OPENAI_BASE_URL, with its version. */
  readonly url: string;
  readonly requests: readonly ChatRequest[];
  /** Megabytes that it flooded others with. */
  readonly flooded: number;
  readonly can: Abilities;
  /** The key that it takes; any where undefined. */
  key: string | undefined;
  /** How long it takes for an answer, milliseconds; 0 unless set. */
  delayMs: number;
  /** What it does with the requests to come, one each; after them it answers from the evidence. */
  next(...behaviors: readonly Behavior[]): void;
  /** What it does with every request that `next` says nothing of. */
  always(behavior: Behavior): void;
  stop(): Promise<void>;
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const queue: Behavior[] = [];
  const requests: ChatRequest[] = [];
  let flooded = 0;
  let usual: Behavior = { kind: 'evidence' };
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization } = request.headers;
    const path = request.url ?? '';
    if (model.key !== undefined && authorization !== `Bearer ${model.key}`)
      return sendFailure(response, { kind: 'fails', status: 401, code: 'invalid_api_key' });
    if (path === '/v1/models')
      return sendJson(response, { object: 'list', data: [{ id: scriptedName, object: 'model' }] });
    const body = parseObject((await readBody(request)).toString('utf8'));
    if (path !== '/v1/chat/completions' || body === undefined)
      return sendFailure(response, { kind: 'fails', status: 404, code: 'not_found' });
    const asked = readChatRequest(body, authorization);
    requests.push(asked);
    if (!understands(asked, model.can)) return sendFailure(response, { kind: 'fails', status: 400 }, asked);
    const behavior = queue.shift() ?? usual;
    await setTimeout(model.delayMs);
    if (behavior.kind === 'floods') flood(response, asked, { ...behavior, onSent: () => (flooded += 1) });
    else behave(behavior, asked, response);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: ScriptedModel = {
    url: `http://127.0.0.1:${portOf(server.address())}/v1`,
    requests,
    get flooded() {
      return flooded;
    },
    can: { jsonSchema: true, schemaObject: true, jsonObject: true, tools: true },
    key: undefined,
    delayMs: 0,
    next: (...behaviors) => void queue.push(...behaviors),
    always: (behavior) => {
      usual = behavior;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return model;
}

type Saying = Extract<Behavior, { readonly kind: 'says' | 'calls' | 'declines' | 'evidence' }>;

function behave(
  behavior: Exclude<Behavior, { readonly kind: 'floods' }>,
  asked: ChatRequest,
  response: ServerResponse,
): void {
  switch (behavior.kind) {
    case 'hangs':
      return;
    case 'fails':
      return sendFailure(response, behavior, asked);
    case 'breaks':
      return breakOff(response, asked);
    case 'garbles':
      return sendGarbage(response, asked);
    default:
      return sendMessage(response, asked, messageOf(behavior, asked));
  }
}

function messageOf(behavior: Saying, asked: ChatRequest): Message {
  if (behavior.kind === 'says') return { content: behavior.text, ended: behavior.ended ?? 'stop' };
  if (behavior.kind === 'declines') return { refusal: 'I cannot help with that.', ended: 'stop' };
  if (behavior.kind === 'calls')
    return { call: { name: behavior.tool, arguments: behavior.args }, ended: 'tool_calls' };
  const answer = composeAnswer(shapeOf(asked), readFacts(dataOf(asked)), behavior.flaw);
  return { content: wrap(JSON.stringify(answer), behavior.wrapped), ended: 'stop' };
}

function wrap(json: string, wrapped: Extract<Behavior, { readonly kind: 'evidence' }>['wrapped']): string {
  if (wrapped === 'prose') return `Sure! Here is what I found:\n${json}\nLet me know if you need more.`;
  if (wrapped === 'fence') return `\`\`\`json\n${json}\n\`\`\``;
  return wrapped === 'thoughts' ? `<think>They ask for {"summary": …}.</think>\n${json}` : json;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
