import { afterEach, expect, test } from 'vitest';
import { redact } from '../../src/core/redact.ts';
import { createPodLogSource } from '../../src/platform/kubernetes/pod-log-source.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { openClient } from '../support/kubernetes/clients.ts';
import {
  type FakeApi,
  type Handler,
  type Received,
  type Reply,
  startFakeApi,
  status,
} from '../support/kubernetes/fake-api.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(handle: Handler) {
  const api: FakeApi = await startFakeApi(handle);
  const http = openClient(api.url);
  closing.push(
    () => api.close(),
    () => http.close(),
  );
  return { api, source: createPodLogSource({ http, clock: systemClock, redact }) };
}

const query = { namespace: 'shop', pods: ['web-1'], container: 'app', from: 0, to: Date.now() + 60_000, limit: 100 };
const stamp = '2026-11-29T23:05:07.611264522Z';

function withoutPrevious(answer: (request: Received, reply: Reply) => void): Handler {
  return (request, reply) => {
    if (request.query.get('previous') === null) answer(request, reply);
    else reply.json(400, status(400, 'BadRequest', 'previous terminated container "app" in pod "web-1" not found'));
  };
}

test('a log that is too large is read again with fewer of its last lines', async () => {
  const all = Array.from({ length: 1_000 }, (_, index) => `${stamp} ${index} ${'x'.repeat(60_000)}\n`);
  const { api, source } = await open(
    withoutPrevious((request, reply) => reply.text(200, all.slice(-Number(request.query.get('tailLines'))).join(''))),
  );
  const lines = await source.read({ ...query, limit: 1_000 });
  expect(lines.length).toBeGreaterThan(200);
  expect(lines.at(-1)?.text).toMatch(/^999 x/);
  expect(api.received.map((request) => request.query.get('tailLines'))).toEqual(['1000', '1000', '250']);
});

test('of two runs each is read, though both end alike', async () => {
  const { source } = await open((request, reply) => {
    const isPrevious = request.query.get('previous') === 'true';
    reply.text(200, `${isPrevious ? stamp : stamp.replace('23:05', '23:06')} FATAL no payments\n`);
  });
  expect(await source.read(query)).toHaveLength(2);
});

test('secrets and colours are taken out, and no search tells what a secret contains', async () => {
  const log = `${stamp} \u001b[31mfailed\u001b[0m\n${stamp} pass\u001b[1mword=hunter22\n`;
  const { source } = await open(withoutPrevious((_, reply) => reply.text(200, log)));
  expect((await source.read(query)).map(({ text }) => text)).toEqual([
    'failed',
    expect.stringMatching(/^password=\[redacted/),
  ]);
  expect(await source.read({ ...query, contains: 'hunter22' })).toEqual([]);
  expect(await source.read({ ...query, contains: 'password' })).toHaveLength(1);
});

test('both runs are read, and a run that the kubelet gives for both is told once', async () => {
  const later = '2026-11-29T23:05:09.000000001Z';
  const runs = { before: `${stamp} starting\n${stamp} no database\n`, present: `${later} starting\n` };
  let isWaiting = false;
  const { source } = await open((request, reply) => {
    const isBefore = request.query.get('previous') === 'true' || isWaiting;
    reply.text(200, isBefore ? runs.before : runs.present);
  });
  const texts = async () => (await source.read(query)).map(({ text }) => text);
  expect(await texts()).toEqual(['starting', 'no database', 'starting']);
  isWaiting = true;
  expect(await texts()).toEqual(['starting', 'no database']);
});

test('an API server that fails is logs that cannot be reached', async () => {
  const { source } = await open((_, reply) => reply.json(500, status(500, 'InternalError', 'node-1 does not answer')));
  await expect(source.read(query)).rejects.toMatchObject({ code: 'logs-unreachable' });
});

test('who no longer waits is not kept waiting', async () => {
  const { source } = await open(() => {});
  const stop = new AbortController();
  const asked = source.read(query, stop.signal);
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});
