import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { LogLine } from '../../src/core/log-record.ts';
import type { Clock } from '../../src/core/ports/clock.ts';
import { createLogFollower } from '../../src/platform/kubernetes/log-follower.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { openClient } from '../support/kubernetes/clients.ts';
import { type Handler, type Received, type Reply, startFakeApi, status } from '../support/kubernetes/fake-api.ts';
import { soon } from '../support/patience.ts';

const closing: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const origin = { namespace: 'shop', pod: 'web-1', container: 'app' };
const from = Date.parse('2026-11-29T23:05:00Z');

function follow(url: string, clock: Clock = systemClock) {
  const http = openClient(url);
  const stop = new AbortController();
  const lines: LogLine[] = [];
  const troubles: (string | undefined)[] = [];
  const ended = createLogFollower({ http, clock, random: () => 0.99 }).follow({
    origin,
    from,
    onLines: (fresh) => void lines.push(...fresh),
    onTrouble: (problem) => void troubles.push(problem),
    signal: stop.signal,
  });
  closing.push(async () => {
    stop.abort();
    await ended;
    await http.close();
  });
  return { http, ended, lines, troubles, texts: () => lines.map(({ text }) => text) };
}

async function serve(handle: Handler) {
  const api = await startFakeApi(handle);
  closing.push(() => api.close());
  return api;
}

function isPrevious({ query }: Received): boolean {
  return query.get('previous') === 'true';
}

/** A container whose runs, oldest first, hold these lines; each connection is cut where the test says. */
function runsOf(
  runs: () => readonly (readonly string[])[],
  answer: (lines: readonly string[], reply: Reply) => void,
): Handler {
  return (request, reply) => {
    const lines = runs().at(isPrevious(request) ? -2 : -1);
    if (lines === undefined) {
      const words = 'previous terminated container "app" in pod "web-1" not found';
      reply.json(400, status(400, 'BadRequest', words));
      return;
    }
    const since = request.query.get('sinceTime')?.slice(0, 19) ?? '';
    const recent = lines.filter((line) => line.slice(0, 19) >= since);
    if (isPrevious(request)) reply.text(200, recent.map((line) => `${line}\n`).join(''));
    else answer(recent, reply);
  };
}

const second = '2026-11-29T23:05:06';

test('a connection that breaks within a second repeats nothing and loses nothing', async () => {
  const lines = [
    `${second}.100000001Z one`,
    `${second}.100000001Z same time`,
    `${second}.100000002Z three`,
    `${second}.900000000Z four`,
    '2026-11-29T23:05:07.000000000Z five',
    `${second}.999999999Z late, by the other output`,
    '2026-11-29T23:05:07.000000001Z seven',
  ];
  let allowed = 0;
  const cutting: Handler = runsOf(
    () => [lines],
    (recent, reply) => {
      allowed += 1;
      const stream = reply.stream();
      const end = lines[allowed - 1] ?? '';
      const sent = recent.slice(0, recent.indexOf(end) + 1);
      stream.raw(sent.map((line) => `${line}\n`).join(''));
      if (allowed < lines.length) setImmediate(() => stream.reset());
    },
  );
  const log = follow((await serve(cutting)).url);
  await vi.waitFor(() => expect(log.lines).toHaveLength(7), soon);
  expect(log.texts()).toEqual(lines.map((line) => line.slice(31)));
});

test('what was written before a restart is read although the connection was broken then', async () => {
  let runs = [[`${second}.1Z one`]];
  const log = follow(
    (
      await serve(
        runsOf(
          () => runs,
          (recent, reply) => {
            const stream = reply.stream();
            stream.raw(recent.map((line) => `${line}\n`).join(''));
            if (runs.length > 1) return;
            runs = [[`${second}.1Z one`, `${second}.2Z fatal`], ['2026-11-29T23:05:07.1Z again']];
            setImmediate(() => stream.reset());
          },
        ),
      )
    ).url,
  );
  await vi.waitFor(() => expect(log.texts()).toEqual(['one', 'fatal', 'again']), soon);
});

test('strange bytes, huge lines, a missing end and the words of the kubelet do no harm', async () => {
  const stamp = `${second}.1Z `;
  const log = follow(
    (
      await serve(
        runsOf(
          () => [[]],
          (_, reply) => {
            const stream = reply.stream();
            stream.raw(Buffer.concat([Buffer.from(`${stamp}caf`), Buffer.from([0xff, 0xfe]), Buffer.from('\r\n')]));
            stream.raw('unable to retrieve container logs for containerd://abc\n\n');
            stream.raw(`${second}.2Z ${'x'.repeat(2 ** 20)}`);
            stream.raw(`${'y'.repeat(2 ** 20)}\n${second}.3Z \n${second}.4Z the end`);
            stream.end();
          },
        ),
      )
    ).url,
  );
  await vi.waitFor(() => expect(log.lines).toHaveLength(4), soon);
  const [odd, huge, empty, last] = log.texts();
  expect([odd, empty, last]).toEqual(['caf\u{FFFD}\u{FFFD}', '', 'the end']);
  expect(huge).toMatch(/^x+$/);
  expect(huge?.length).toBeGreaterThan(65_000);
  expect(huge?.length).toBeLessThan(66_000);
});

test('a connection that fell silent is replaced', async () => {
  const clock = createSteppedClock(from);
  const api = await serve(
    runsOf(
      () => [[`${second}.1Z one`]],
      (recent, reply) => {
        reply.stream().raw(recent.map((line) => `${line}\n`).join(''));
      },
    ),
  );
  const follows = () => api.received.filter((request) => !isPrevious(request)).length;
  const log = follow(api.url, clock);
  await vi.waitFor(() => expect(log.texts()).toEqual(['one']), soon);
  clock.advance(179_000);
  expect(follows()).toBe(1);
  await vi.waitFor(() => {
    clock.advance(1_000);
    expect(follows()).toBe(2);
  }, soon);
  expect(log.texts()).toEqual(['one']);
  expect(log.troubles).toEqual([]);
});

test('a trouble is told once, and once that it is over', async () => {
  let allowed = false;
  const api = await serve((request, reply) => {
    if (allowed)
      runsOf(
        () => [[`${second}.1Z one`]],
        (_, open) => open.stream().raw(`${second}.1Z one\n`),
      )(request, reply);
    else reply.json(403, status(403, 'Forbidden', 'pods "web-1" is forbidden: cannot get resource "pods/log"'));
  });
  const log = follow(api.url);
  await vi.waitFor(() => expect(api.received.length).toBeGreaterThan(2), soon);
  allowed = true;
  await vi.waitFor(() => expect(log.texts()).toEqual(['one']), soon);
  expect(log.troubles).toEqual([expect.stringContaining('retrying'), undefined]);
});

test('a container that has not started is waited for without a word', async () => {
  let starts = 0;
  const api = await serve((request, reply) => {
    starts += 1;
    if (starts > 4) reply.json(404, status(404, 'NotFound', 'pods "web-1" not found'));
    else if (isPrevious(request))
      reply.json(400, status(400, 'BadRequest', 'previous terminated container "app" not found'));
    else reply.json(400, status(400, 'BadRequest', 'container "app" is waiting to start: ContainerCreating'));
  });
  const log = follow(api.url);
  await log.ended;
  expect(log.troubles.filter((problem) => problem !== undefined)).toEqual([]);
});

test('many logs leave the connections of requests and watches alone', async () => {
  const api = await serve((request, reply) => {
    if (request.path.endsWith('/log') && !isPrevious(request)) reply.stream().raw(`${second}.1Z one\n`);
    else reply.json(request.path.endsWith('/log') ? 404 : 200, { fine: true });
  });
  const http = openClient(api.url);
  closing.push(() => http.close());
  const stop = new AbortController();
  closing.push(() => stop.abort());
  const logs = Array.from({ length: 60 }, () =>
    http.stream({ path: '/api/v1/namespaces/shop/pods/web-1/log', signal: stop.signal, lane: 'logs' }),
  );
  await Promise.all(logs);
  expect(await http.json({ path: '/api/v1/pods' })).toEqual({ fine: true });
  await http.stream({ path: '/api/v1/pods', signal: stop.signal });
});

test('a million lines wait where they are until they are read', async () => {
  const count = 1_000_000;
  let made = 0;
  function* chunks() {
    for (let first = 0; first < count; first += 1_000) {
      const at = new Date(from + Math.floor(first / 16)).toISOString().slice(0, 23);
      const lines = Array.from(
        { length: 1_000 },
        (_, index) => `${at}${String(index).padStart(6, '0')}Z job ${first + index} is done\n`,
      );
      made += lines.length;
      yield Buffer.from(lines.join(''));
    }
  }
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url?.includes('previous=true') === true) {
      response
        .writeHead(asked > 0 ? 404 : 400)
        .end(JSON.stringify(status(400, 'BadRequest', 'previous terminated container "app" not found')));
      return;
    }
    asked += 1;
    Readable.from(chunks()).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const http = openClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  closing.push(() => http.close());
  let seen = 0;
  let furthest = 0;
  await createLogFollower({ http, clock: systemClock, random: Math.random }).follow({
    origin,
    from,
    onLines(lines) {
      seen += lines.length;
      furthest = Math.max(furthest, made - seen);
    },
    onTrouble: () => {},
    signal: new AbortController().signal,
  });
  expect(seen).toBe(count);
  expect(furthest).toBeLessThan(250_000);
});
