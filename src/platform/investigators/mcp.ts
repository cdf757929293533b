import { Client, ProtocolError, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import { quoteAnswer } from '../quote-answer.ts';

/** Where another system answers the Model Context Protocol over streamable HTTP. */
export interface McpServer {
  /** Its name as people know it: `kagent`. */
  readonly name: string;
  /** The setting that holds its address, for messages: `investigators.kagent.url`. */
  readonly setting: string;
  /** Its endpoint, with the path: `http://kagent-controller.kagent:8083/mcp`. */
  readonly url: string;
  /** A bearer token, which no text that comes back holds. */
  readonly token?: string | undefined;
}

/** Calls one tool and gives its text; a failure that the tool reports is `investigator-rejected`. */
export type CallTool = (tool: string, parameters: Readonly<Record<string, string>>) => Promise<string>;

/** Bytes of one answer; more is no answer to a question of ours. */
const largestAnswer = 2 ** 20;

/** Saying goodbye is a courtesy, milliseconds. */
const farewellMs = 1_000;

/** The library's own timer, milliseconds; out of the way, for the caller's signal is the deadline. */
const libraryTimeoutMs = 2 ** 31 - 1;

/**
 * Opens a session, works in it and closes it. The signal ends everything at once. Offers the server nothing: no sampling, no files, no questions to
 * people. Fails with `investigator-unreachable` where no usable answer came, with `investigator-rejected` where it was a no.
 */
export async function inMcpSession<T>(
  server: McpServer,
  signal: AbortSignal,
  work: (call: CallTool) => Promise<T>,
): Promise<T> {
  const transport = openTransport(server, signal);
  const client = new Client({ name: 'lifeguard', version: '1' }, { capabilities: {} });
  const options = { signal, timeout: libraryTimeoutMs };
  try {
    signal.throwIfAborted();
    await client.connect(transport, options);
    return await work(async (tool, parameters) => {
      const { content, isError } = await client.callTool({ name: tool, arguments: { ...parameters } }, options);
      const text = withoutToken(server, content.map((block) => (block.type === 'text' ? block.text : '')).join('\n'));
      if (isError === true) throw rejected(server, text);
      return text;
    });
  } catch (cause) {
    if (cause instanceof LifeguardError) throw cause;
    if (signal.aborted) throw unreachable(server, 'no answer in time', cause);
    throw failureOf(server, cause);
  } finally {
    if (!signal.aborted) await transport.terminateSession().catch(() => undefined);
    await client.close();
  }
}

/** A transport whose answers are bounded and come to an end, and that only answers: no stream of the server's own is opened. */
function openTransport({ url, token }: McpServer, signal: AbortSignal): StreamableHTTPClientTransport {
  async function send(address: string | URL, init: RequestInit = {}): Promise<Response> {
    if (init.method === 'GET') return new Response(null, { status: 405 });
    const ends = [signal, init.signal, init.method === 'DELETE' ? AbortSignal.timeout(farewellMs) : undefined];
    const answer = await fetch(address, {
      ...init,
      signal: AbortSignal.any(ends.filter((end) => end instanceof AbortSignal)),
    });
    const { status, statusText, headers } = answer;
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
    const body = answer.body?.pipeThrough(isStream ? boundStream(idOf(init.body)) : boundText());
    return new Response(body ?? null, { status, statusText, headers });
  }

  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new StreamableHTTPClientTransport(new URL(url), { fetch: send, requestInit: { headers } });
}

const Request = z.object({ id: z.union([z.string(), z.number()]) });

function idOf(body: unknown): unknown {
  return typeof body === 'string' ? Request.safeParse(JSON.parse(body)).data?.id : undefined;
}

const tooLarge = `its answer is larger than ${largestAnswer} bytes`;

function boundText(): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > largestAnswer) controller.error(new Error(tooLarge));
      else controller.enqueue(chunk);
    },
  });
}

/** The code of an answer that never came; JSON-RPC leaves -32099 to -32000 to whoever implements it. */
const lost = -32_099;

/**
 * Bounds a stream of events and puts an error at its end, for the library leaves a request open for ever whose stream ends, or makes no sense. A request
 * that has its answer by then takes no second one.
 */
function boundStream(id: unknown): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  const errorEvent = (message: string) =>
    Buffer.from(`\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error: { code: lost, message } })}\n\n`);
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length;
      if (size <= largestAnswer) return controller.enqueue(chunk);
      controller.enqueue(errorEvent(tooLarge));
      controller.terminate();
    },
    flush: (controller) => controller.enqueue(errorEvent('its stream ended without an answer')),
  });
}

/** A no for good: the question, or who asks, is not accepted there. */
export function rejected({ name }: Pick<McpServer, 'name'>, why: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`${name} refused: ${quoteAnswer(why) || 'no reason given'}.`, {
    code: 'investigator-rejected',
    retry: 'permanent',
    cause,
  });
}

function unreachable({ name, setting }: McpServer, why: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`${name} did not answer (${why}). Check ${setting}.`, {
    code: 'investigator-unreachable',
    retry: 'transient',
    cause,
  });
}

function failureOf(server: McpServer, cause: unknown): LifeguardError {
  if (cause instanceof ProtocolError && cause.code !== lost) {
    return rejected(server, withoutToken(server, cause.message), cause);
  }
  if (cause instanceof SdkHttpError) return httpFailure(server, cause);
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return unreachable(server, quoteAnswer(withoutToken(server, describeError(inner))), cause);
}

/** Statuses that say `later`, though they are in the four hundreds. */
const passing = [408, 425, 429];

function httpFailure(server: McpServer, cause: SdkHttpError): LifeguardError {
  const { status, data } = cause;
  if (status < 400 || status >= 500 || passing.includes(status)) return unreachable(server, `HTTP ${status}`, cause);
  const said = quoteAnswer(withoutToken(server, typeof data['text'] === 'string' ? data['text'] : ''));
  return rejected(server, `HTTP ${status}${said === '' ? '' : `, ${said}`}`, cause);
}

function withoutToken({ token }: McpServer, text: string): string {
  return token === undefined ? text : text.replaceAll(token, '[redacted]');
}
