import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export interface LocalPrometheus {
  readonly url: string;
  /** Queries that it was asked, the oldest first, and the headers of the last. */
  readonly asked: string[];
  authorization: string | undefined;
  /** What it has of a plain selector: the label of each series, and its newest value. */
  readonly samples: Map<
    string,
    readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
  >;
  /** Answers with this instead, where set. */
  answer: { readonly status: number; readonly body: string } | undefined;
}

type Evaluate = (at: number) => number | undefined;

/** The few expressions of the contract suite; passes it like the real one. */
function evaluatorOf(
  query: string,
): { readonly labels: Record<string, string>; readonly evaluate: Evaluate } | undefined {
  const labelled = /^label_replace\(vector\((\d+)\), "(\w+)", "([\w-]+)"/.exec(query);
  if (labelled !== null) {
    const [, value, label = '', text = ''] = labelled;
    return { labels: { [label]: text }, evaluate: () => Number(value) };
  }
  const after = /^vector\((\d+)\) and \(vector\(time\(\)\) > ([\d.]+)\)$/.exec(query);
  if (after !== null) return { labels: {}, evaluate: (at) => (at > Number(after[2]) ? Number(after[1]) : undefined) };
  if (query === 'vector(1) / 0') return { labels: {}, evaluate: () => Infinity };
  const plain = /^vector\((\d+)\)$/.exec(query);
  return plain === null ? undefined : { labels: {}, evaluate: () => Number(plain[1]) };
}

function formatValue(value: number): string {
  return value === Infinity ? '+Inf' : `${value}`;
}

function answerTo(path: string, form: URLSearchParams): { readonly status: number; readonly body: unknown } {
  const found = evaluatorOf(form.get('query') ?? '');
  if (found === undefined) {
    return {
      status: 400,
      body: { status: 'error', errorType: 'bad_data', error: '1:5: parse error: unclosed left parenthesis' },
    };
  }
  const { labels: metric, evaluate } = found;
  if (path.endsWith('/query')) {
    const value = [0, formatValue(evaluate(0) ?? 0)];
    return { status: 200, body: { status: 'success', data: { resultType: 'vector', result: [{ metric, value }] } } };
  }
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
  const values: (readonly [number, string])[] = [];
  for (let at = start ?? 0; at <= (end ?? 0) + 0.0005; at += step ?? 1) {
    const value = evaluate(at);
    if (value !== undefined) values.push([at, formatValue(value)]);
  }
  return { status: 200, body: { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } } };
}

function answerFrom(samples: LocalPrometheus['samples'], form: URLSearchParams) {
  const found = samples.get(form.get('query') ?? '');
  if (found === undefined) return undefined;
  const result = found.map(({ labels, value }) => ({ metric: labels, value: [0, formatValue(value)] }));
  return { status: 200, body: { status: 'success', data: { resultType: 'vector', result } } };
}

export async function startPrometheus(): Promise<LocalPrometheus> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      local.asked.push(form.get('query') ?? '');
      local.authorization = request.headers.authorization;
      const { status, body } = answerFrom(local.samples, form) ?? answerTo(request.url ?? '', form);
      response.writeHead(local.answer?.status ?? status);
      response.end(local.answer?.body ?? JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const local: LocalPrometheus = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    samples: new Map(),
    authorization: undefined,
    answer: undefined,
  };
  return local;
}
