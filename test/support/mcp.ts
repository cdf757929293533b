import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

type Answers = Readonly<Record<string, (parameters: Readonly<Record<string, string>>) => ToolAnswer>>;

interface ToolAnswer {
  readonly text: string;
  readonly isError?: boolean;
}

/** What goes wrong, from the request with this method on. */
export interface McpFault {
  readonly at: 'initialize' | 'tools/call' | 'DELETE';
  /** Sends what it likes; sending nothing leaves the other side waiting. */
  readonly answer: (response: ServerResponse, id: unknown) => void;
}

export interface LocalMcp {
  readonly url: string;
  /** What came in, the oldest first: JSON-RPC methods, and HTTP methods of requests without one. */
  readonly methods: string[];
  readonly calls: { readonly tool: string; readonly parameters: Readonly<Record<string, string>> }[];
  readonly authorizations: (string | undefined)[];
  fault: McpFault | undefined;
  /** Resolves once a request with this method has come. */
  arrival(method: string): Promise<void>;
}

const Message = z.object({
  method: z.string(),
  id: z.unknown().optional(),
  params: z
    .object({ name: z.string().default(''), arguments: z.record(z.string(), z.string()).default({}) })
    .prefault({}),
});

const session = 'VDO7DZ5TYQ4WRXI2XQ4QVJZ2Y5';

/** The wire as it was recorded from the server libraries of the two products: `sse` go-sdk 1.8.0 of kagent, `json` mcp-go 0.41.1 of kubectl-ai. */
const dialects = {
  sse: { protocolVersion: '2025-11-25', name: 'kagent-agents', goodbye: 204 },
  json: { protocolVersion: '2025-06-18', name: 'kubectl-ai', goodbye: 200 },
} as const;

export type Dialect = keyof typeof dialects;

export async function startMcp(dialect: Dialect, answers: Answers): Promise<LocalMcp> {
  const { protocolVersion, name, goodbye } = dialects[dialect];
  const waiting: { readonly method: string; readonly resolve: () => void }[] = [];

  function resultOf({ method, params }: z.infer<typeof Message>): object {
    if (method === 'initialize') {
      const serverInfo = { name, version: '0.9.12' };
      return { result: { capabilities: { tools: { listChanged: true } }, protocolVersion, serverInfo } };
    }
    if (method === 'tools/list') {
      return {
        result: { tools: Object.keys(answers).map((tool) => ({ name: tool, inputSchema: { type: 'object' } })) },
      };
    }
    const answerOf = Object.hasOwn(answers, params.name) ? answers[params.name] : undefined;
    if (answerOf === undefined) return { error: { code: -32602, message: `unknown tool "${params.name}"` } };
    local.calls.push({ tool: params.name, parameters: params.arguments });
    const { text, isError } = answerOf(params.arguments);
    return { result: { content: [{ type: 'text', text }], ...(isError === true ? { isError } : {}) } };
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    local.authorizations.push(request.headers.authorization);
    const message = body === '' ? undefined : Message.parse(JSON.parse(body));
    const method = message?.method ?? String(request.method);
    local.methods.push(method);
    for (const { resolve } of waiting.filter((one) => one.method === method)) resolve();
    if (local.fault?.at === method) local.fault.answer(response, message?.id);
    else if (message === undefined) response.writeHead(goodbye).end();
    else respond(message, response, request.headers['mcp-session-id']);
  }

  function respond(message: z.infer<typeof Message>, response: ServerResponse, sessionId: unknown): void {
    const isKnown = message.method === 'initialize' || sessionId === session;
    if (!isKnown) response.writeHead(400).end('Invalid session ID');
    else if (message.id === undefined) response.writeHead(202).end();
    else writeAnswer(response, dialect, JSON.stringify({ jsonrpc: '2.0', id: message.id, ...resultOf(message) }));
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const local: LocalMcp = {
    url: `http://127.0.0.1:${port}/mcp`,
    methods: [],
    calls: [],
    authorizations: [],
    fault: undefined,
    arrival: (method) =>
      local.methods.includes(method) ? Promise.resolve() : new Promise((resolve) => waiting.push({ method, resolve })),
  };
  return local;
}

/** `text` as the body of an answer, plain or as the one event of a stream. */
export function writeAnswer(response: ServerResponse, dialect: Dialect, text: string): void {
  response.setHeader('mcp-session-id', session);
  response.setHeader('content-type', dialect === 'sse' ? 'text/event-stream' : 'application/json');
  response.writeHead(200).end(dialect === 'sse' ? `event: message\ndata: ${text}\n\n` : `${text}\n`);
}

/** As kubectl-ai prints what it ran: fields quoted in Go's way, which is JSON's for these texts. */
export function printed(
  command: string,
  fields: { readonly Stdout?: string; readonly Stderr?: string; readonly Error?: string },
): string {
  const { Stdout = '', Stderr = '', Error: fault = '' } = fields;
  const [ran, error, out, complaint] = [command, fault, Stdout, Stderr].map((text) => JSON.stringify(text));
  return `Command: ${ran}\nError: ${error}\nStdout: ${out}\nStderr: ${complaint}\nExitCode: ${fault === '' ? 0 : 1}\nStreamType: ""}`;
}
