import type { ServerResponse } from 'node:http';
import type { Behavior } from './behavior.ts';
import { type ChatRequest, dataOf } from './chat-request.ts';

/** What the assistant says in one turn. */
export interface Message {
  readonly content?: string;
  readonly refusal?: string;
  readonly call?: { readonly name: string; readonly arguments: string };
  readonly ended: 'stop' | 'length' | 'tool_calls';
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** As servers do, it says what it did not like of the request, word for word. */
export function sendFailure(
  response: ServerResponse,
  { status, code, retryAfter }: Extract<Behavior, { readonly kind: 'fails' }>,
  asked?: ChatRequest,
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  const quoted = asked === undefined ? '' : `: ${dataOf(asked)}`;
  sendJson(
    response,
    { error: { message: `It failed${quoted}`, type: 'invalid_request_error', code: code ?? null } },
    status,
  );
}

/** Characters of a streamed piece. */
const pieceLength = 24;

/** In one piece, or as a stream of small ones. */
export function sendMessage(response: ServerResponse, asked: ChatRequest, message: Message): void {
  const usage = usageOf(asked, message);
  const { content, refusal, call, ended } = message;
  if (!asked.streamed) {
    const tools = call === undefined ? {} : { tool_calls: [{ id: 'call_1', type: 'function', function: call }] };
    const said = { role: 'assistant', content: content ?? null, refusal: refusal ?? null, ...tools };
    sendJson(response, {
      ...head('chat.completion'),
      choices: [{ index: 0, message: said, finish_reason: ended }],
      usage,
    });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const delta of deltasOf(message)) sendChunk(response, { delta, finish_reason: null });
  sendChunk(response, { delta: {}, finish_reason: ended });
  response.write(`data: ${JSON.stringify({ ...head('chat.completion.chunk'), choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function deltasOf({ content = '', refusal, call }: Message): readonly object[] {
  const pieces = content.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, 'g')) ?? [];
  const calls =
    call === undefined
      ? []
      : [
          { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: call.name, arguments: '' } }] },
          { tool_calls: [{ index: 0, function: { arguments: call.arguments } }] },
        ];
  const refused = refusal === undefined ? [] : [{ refusal }];
  return [{ role: 'assistant', content: '' }, ...pieces.map((piece) => ({ content: piece })), ...refused, ...calls];
}

/** What is not of the protocol. */
export function sendGarbage(response: ServerResponse, { streamed }: ChatRequest): void {
  response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
  response.end(streamed ? 'data: {"choices":[{"del\n\ndata: \u0000\ufffd\n\n' : '<html>Sign in</html>');
}

/** Begins an answer and breaks the connection. */
export function breakOff(response: ServerResponse, { streamed }: ChatRequest): void {
  if (!streamed) {
    response.destroy();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = {
    ...head('chat.completion.chunk'),
    choices: [{ index: 0, delta: { content: '{"sum' }, finish_reason: null }],
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => response.destroy());
}

const megabyte = 'a'.repeat(2 ** 20);

export interface Flood {
  readonly megabytes: number;
  /** Told of each that was sent. */
  readonly onSent: () => void;
}

/** Sends as fast as the other side reads, and stops when it hangs up. */
export function flood(response: ServerResponse, { streamed }: ChatRequest, { megabytes, onSent }: Flood): void {
  response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
  response.write(
    streamed ? 'data: {"choices":[{"index":0,"delta":{"content":"' : '{"choices":[{"message":{"content":"',
  );
  let left = megabytes;
  function more(): void {
    if (response.destroyed) return;
    if (left === 0) response.end('"}}]}\n\n');
    else {
      left -= 1;
      onSent();
      if (response.write(megabyte)) more();
      else response.once('drain', more);
    }
  }
  more();
}

function sendChunk(response: ServerResponse, choice: object): void {
  response.write(
    `data: ${JSON.stringify({ ...head('chat.completion.chunk'), choices: [{ index: 0, ...choice }] })}\n\n`,
  );
}

function head(object: string): object {
  return { id: 'scripted', object, created: 0, model: 'scripted-demo' };
}

/** Characters to a token, as a rule of thumb for English. */
const tokenLength = 4;

function usageOf({ body }: ChatRequest, { content = '', call }: Message): object {
  const [prompt, completion] = [
    JSON.stringify(body['messages']).length,
    content.length + (call?.arguments.length ?? 0),
  ];
  const [prompt_tokens, completion_tokens] = [Math.ceil(prompt / tokenLength), Math.ceil(completion / tokenLength)];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
