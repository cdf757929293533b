import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export interface LocalLoki {
  readonly url: string;
  /** LogQL that it was asked, the oldest first. */
  readonly asked: string[];
  /** Headers of the last request. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Answers with this instead, where set; `hang` never does. */
  answer: { readonly status: number; readonly body: string } | 'hang' | undefined;
}

interface Entry {
  readonly stream: Readonly<Record<string, string>>;
  readonly at: bigint;
  readonly text: string;
}

const Push = z.object({
  streams: z.array(
    z.object({ stream: z.record(z.string(), z.string()), values: z.array(z.tuple([z.string(), z.string()])) }),
  ),
});

/** How often a collector tries. */
const mostTries = 20;

/** Sends what a container wrote, as a collector does: again, where Loki is too busy. */
export async function pushLines(
  url: string,
  stream: Readonly<Record<'namespace' | 'pod' | 'container', string>>,
  lines: readonly { readonly at: number; readonly text: string }[],
): Promise<void> {
  const values = lines.map(({ at, text }, index) => [`${BigInt(at) * 1_000_000n + BigInt(index)}`, text]);
  const body = JSON.stringify({ streams: [{ stream, values }] });
  const headers = { 'content-type': 'application/json' };
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${url}/loki/api/v1/push`, { method: 'POST', headers, body }).catch(() => undefined);
    const { status = 503 } = answer ?? {};
    if (status === 204) return;
    if ((status < 500 && status !== 429) || tries === mostTries) throw new Error(`Loki took nothing: ${status}`);
    await pause(500);
  }
}

/** The limit of a real one that nobody changed. */
const mostEntries = 5_000;

/** Keeps what is pushed and answers `query_range` for selectors and one `|~`; passes the contract suite like the real one. */
export async function startLoki(): Promise<LocalLoki> {
  let entries: readonly Entry[] = [];
  function keep(body: string): void {
    const fresh = Push.parse(JSON.parse(body)).streams.flatMap(({ stream, values }) =>
      values.map(([at, text]) => ({ stream, at: BigInt(at), text })),
    );
    const known = new Set(entries.map(keyOf));
    entries = [...entries, ...fresh.filter((entry) => !known.has(keyOf(entry)))];
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loki');
      if (pathname === '/loki/api/v1/push') {
        keep(Buffer.concat(chunks).toString());
        response.writeHead(204).end();
        return;
      }
      local.asked.push(searchParams.get('query') ?? '');
      local.headers = request.headers;
      if (local.answer === 'hang') return;
      const { status, body } = local.answer ?? answerTo(searchParams, entries);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const local: LocalLoki = { url: `http://127.0.0.1:${port}`, asked: [], headers: {}, answer: undefined };
  return local;
}

function keyOf({ stream, at, text }: Entry): string {
  return `${at} ${JSON.stringify(stream)} ${text}`;
}

function answerTo(form: URLSearchParams, entries: readonly Entry[]) {
  const limit = Number(form.get('limit'));
  const matches = matcherOf(form.get('query') ?? '');
  if (matches === undefined) return { status: 400, body: 'parse error at line 1, col 1: syntax error\n' };
  if (limit > mostEntries) {
    return { status: 400, body: `max entries limit per query exceeded, limit > max_entries_limit (${limit} > 5000)` };
  }
  const [start, end] = [BigInt(form.get('start') ?? 0), BigInt(form.get('end') ?? 0)];
  const sign = form.get('direction') === 'forward' ? 1 : -1;
  const found = entries
    .filter((entry) => entry.at >= start && entry.at < end && matches(entry))
    .toSorted((a, b) => sign * Number(a.at - b.at))
    .slice(0, limit);
  const streams = Map.groupBy(found, ({ stream }) => JSON.stringify(stream));
  const result = [...streams.values()].map((some) => ({
    stream: some[0]?.stream ?? {},
    values: some.map(({ at, text }) => [`${at}`, text]),
  }));
  return { status: 200, body: JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }) };
}

const string = '"(?:[^"\\\\]|\\\\.)*"';
const label = `[a-zA-Z_]\\w*`;
const whole = new RegExp(`^\\{(${label}=~?${string}(?:,${label}=~?${string})*)\\}(?: \\|~ (${string}))?$`);

/** Undefined for what is no query. */
function matcherOf(query: string): ((entry: Entry) => boolean) | undefined {
  const [, selector, filter] = whole.exec(query) ?? [];
  if (selector === undefined) return undefined;
  const matchers = [...selector.matchAll(new RegExp(`(${label})(=~?)(${string})`, 'g'))];
  const text = filter === undefined ? undefined : new RegExp(textOf(filter).replace('(?i)', ''), 'i');
  return ({ stream, text: line }) =>
    (text?.test(line) ?? true) &&
    matchers.every(([, name = '', operator, value = '']) => {
      const has = stream[name] ?? '';
      return operator === '=' ? has === textOf(value) : new RegExp(`^(?:${textOf(value)})$`).test(has);
    });
}

function textOf(quoted: string): string {
  return z.string().parse(JSON.parse(quoted));
}
