import { describe, expect, it } from 'vitest';
import type { Investigator } from '../../src/core/ports/investigator.ts';
import { createKagent } from '../../src/platform/investigators/kagent.ts';
import { createKubectlAi } from '../../src/platform/investigators/kubectl-ai.ts';
import { createFakeInvestigator } from '../support/fakes/investigator.ts';
import { type Dialect, type LocalMcp, type McpFault, printed, startMcp, writeAnswer } from '../support/mcp.ts';
import { plantedSecrets } from '../support/secrets/planted.ts';
import { describeInvestigator } from './investigator.ts';

const agent = 'kagent/k8s-agent';
const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const question = { subject, text: 'Why does it crash?' };
const signal = new AbortController().signal;

interface Product {
  readonly dialect: Dialect;
  /** The product with its tool, which says `text` to whom it knows. */
  readonly start: (text: string) => Promise<LocalMcp>;
  readonly connect: (options: { readonly url: string; readonly token?: string }) => Investigator;
}

const products: Readonly<Record<string, Product>> = {
  kagent: {
    dialect: 'sse',
    start: (text) =>
      startMcp('sse', {
        invoke_agent: (parameters) =>
          parameters['agent'] === agent
            ? { text }
            : { text: 'Failed to send A2A message: no client registered for agent', isError: true },
      }),
    connect: (options) => createKagent({ ...options, agent }),
  },
  'kubectl-ai': {
    dialect: 'json',
    start: (text) =>
      startMcp('json', { kubectl: ({ command = '' }) => ({ text: printed(command, { Stdout: text }) }) }),
    connect: createKubectlAi,
  },
};

const silence: McpFault = { at: 'tools/call', answer: () => undefined };

describeInvestigator('fake', {
  open: async (text) => ({ investigator: createFakeInvestigator('fake', text), underway: () => Promise.resolve() }),
});

describe.each(Object.entries(products))('%s', (name, { dialect, start, connect }) => {
  describeInvestigator(name, {
    open: async (text) => {
      const local = await start(text ?? '');
      if (text === undefined) local.fault = silence;
      return { investigator: connect(local), underway: () => local.arrival('tools/call') };
    },
  });

  it('is asked in a session that is opened and closed as the protocol says', async () => {
    const local = await start('fine');
    await connect(local).ask(question, signal);
    expect(local.methods.slice(0, 3)).toEqual(['initialize', 'notifications/initialized', 'tools/call']);
    expect(local.methods.at(-1)).toBe('DELETE');
  });

  it.each<[string, McpFault['answer'], string, string]>([
    [
      'wants other credentials',
      (response) => response.writeHead(401).end('no'),
      'investigator-rejected',
      'HTTP 401, no',
    ],
    ['is at another path', (response) => response.writeHead(404).end(), 'investigator-rejected', 'HTTP 404'],
    ['has no room', (response) => response.writeHead(429).end(), 'investigator-unreachable', 'HTTP 429'],
    ['is broken', (response) => response.writeHead(503).end(), 'investigator-unreachable', 'HTTP 503'],
    [
      'sends people elsewhere',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'investigator-unreachable',
      'did not answer',
    ],
    ['hangs up', (response) => response.destroy(), 'investigator-unreachable', 'did not answer'],
    [
      'says 10 MB',
      (response, id) => writeAnswer(response, dialect, answerOf(id, 'x'.repeat(10 * 2 ** 20))),
      'investigator-unreachable',
      'larger than',
    ],
    [
      'streams garbage',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('data: {"jsonrpc\n\ndata: \0\x01\n\n:\n\nnonsense\n\n'),
      'investigator-unreachable',
      'did not answer',
    ],
    [
      'ends its stream without an answer',
      (response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end('id: 1\nevent: message\ndata: \n\n'),
      'investigator-unreachable',
      'did not answer',
    ],
    [
      'is a web page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'investigator-unreachable',
      'did not answer',
    ],
    [
      'sends half a JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc": "2.0", "id"'),
      'investigator-unreachable',
      'did not answer',
    ],
    [
      'answers with something else',
      (response, id) => writeAnswer(response, dialect, JSON.stringify({ jsonrpc: '2.0', id, result: { content: 7 } })),
      'investigator-unreachable',
      'did not answer',
    ],
    [
      'has an error of the protocol',
      (response, id) =>
        writeAnswer(
          response,
          dialect,
          JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'tool not found' } }),
        ),
      'investigator-rejected',
      'tool not found',
    ],
    [
      'reports a failure of the tool',
      (response, id) => writeAnswer(response, dialect, answerOf(id, 'the model is overloaded', true)),
      'investigator-rejected',
      'the model is overloaded',
    ],
  ])('that %s says so', async (_what, answer, code, words) => {
    const local = await start('fine');
    local.fault = { at: 'tools/call', answer };
    await expect(connect(local).ask(question, signal)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it.each([401, 404, 500])('that answers its first request with %s says so', async (status) => {
    const local = await start('fine');
    local.fault = { at: 'initialize', answer: (response) => response.writeHead(status).end() };
    await expect(connect(local).ask(question, signal)).rejects.toThrow(`HTTP ${status}`);
  });

  it('that is not there names its setting', async () => {
    const gone = connect({ url: 'http://127.0.0.1:2/mcp' });
    await expect(gone.ask(question, signal)).rejects.toThrow(
      /did not answer \(.*ECONNREFUSED.*\)\. Check investigators\./,
    );
  });

  it('is not waited for when it never starts', async () => {
    const local = await start('fine');
    local.fault = { at: 'initialize', answer: () => undefined };
    const ending = new AbortController();
    const failure = connect(local)
      .ask(question, ending.signal)
      .catch((error: unknown) => error);
    await local.arrival('initialize');
    ending.abort();
    expect(await failure).toMatchObject({ message: expect.stringContaining('no answer in time') });
  });

  it('may refuse to say goodbye', async () => {
    const local = await start('fine');
    local.fault = { at: 'DELETE', answer: (response) => response.writeHead(500).end() };
    expect(await connect(local).ask(question, signal)).toContain('fine');
  });

  it('gets its token, and no text that comes back holds it', async () => {
    const token = ['plain', 'words', 'as', 'token'].join('-');
    const local = await start(`You sent ${token}.`);
    expect(await connect({ ...local, token }).ask(question, signal)).not.toContain(token);
    expect(new Set(local.authorizations)).toEqual(new Set([`Bearer ${token}`]));
    local.fault = { at: 'initialize', answer: (response) => response.writeHead(401).end(`unknown token ${token}`) };
    const failure: unknown = await connect({ ...local, token })
      .ask(question, signal)
      .catch((error: unknown) => error);
    expect(`${String(failure)}`).toContain('unknown token [redacted]');
  });

  it('has its secrets redacted, and what is long cut in its middle', async () => {
    const planted = plantedSecrets().slice(0, 10);
    const quoted = planted.map(({ text }) => text).join('\n');
    const answer = await connect(await start(quoted)).ask(question, signal);
    expect(planted.filter(({ secrets }) => secrets.some((secret) => answer.includes(secret)))).toEqual([]);
    const long = await connect(await start(`first ${'word '.repeat(5_000)} last`)).ask(question, signal);
    expect(long).toMatch(/first[\s\S]*\n\[…\]\n[\s\S]*last/);
    expect(long.length).toBeLessThan(7_000);
  });
});

function answerOf(id: unknown, text: string, isError = false): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], isError } });
}
