import { afterEach, expect, test } from 'vitest';
import { redact } from '../../src/core/redact.ts';
import { createPodLogs } from '../../src/platform/kubernetes/pod-logs.ts';
import { openClient } from '../support/kubernetes/clients.ts';
import { type FakeApi, type Handler, startFakeApi, status } from '../support/kubernetes/fake-api.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const request = { namespace: 'shop', pod: 'web-1', container: 'app', previous: true, tail: 200 };

async function readFrom(handle: Handler): Promise<{ readonly lines: readonly string[]; readonly api: FakeApi }> {
  const api = await startFakeApi(handle);
  const http = openClient(api.url);
  closing.push(
    () => api.close(),
    () => http.close(),
  );
  return { lines: await createPodLogs({ http, redact }).read(request), api };
}

test('the last lines, oldest first, as asked for', async () => {
  const { lines, api } = await readFrom((_, reply) => reply.text(200, 'one\r\ntwo\n\nthree\n'));
  expect(lines).toEqual(['one', 'two', '', 'three']);
  const asked = api.received[0];
  expect(asked?.path).toBe('/api/v1/namespaces/shop/pods/web-1/log');
  expect(Object.fromEntries(asked?.query ?? [])).toMatchObject({
    container: 'app',
    previous: 'true',
    tailLines: '200',
  });
});

test('secrets and terminal colours are taken out, also where colours hide a secret', async () => {
  const log =
    '\u001b[31mfailed\u001b[0m\npass\u001b[1mword=hunter22\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
  const { lines } = await readFrom((_, reply) => reply.text(200, log));
  expect(lines[0]).toBe('failed');
  expect(lines.join('\n')).not.toMatch(/hunter22|MIIE/);
});

test.each([
  [400, 'previous terminated container "app" in pod "web-1" not found'],
  [400, 'container "app" in pod "web-1" is waiting to start: ContainerCreating'],
  [404, 'pods "web-1" not found'],
])('no log yet or any more (%i %s) is an empty log', async (code, words) => {
  const { lines } = await readFrom((_, reply) => reply.json(code, status(code, 'BadRequest', words)));
  expect(lines).toEqual([]);
});

test('where the run before has been removed, because the present one has ended since, that is the run that crashed', async () => {
  const { lines } = await readFrom(({ query }, reply) =>
    reply.text(200, query.has('previous') ? 'unable to retrieve container logs for containerd://abc' : 'boom\n'),
  );
  expect(lines).toEqual(['boom']);
});

test('a log that the runtime has removed is an empty log', async () => {
  const { lines } = await readFrom((_, reply) =>
    reply.text(200, 'unable to retrieve container logs for containerd://abc'),
  );
  expect(lines).toEqual([]);
});

test('a wrong container name is a failure', async () => {
  const words = 'container app is not valid for pod web-1';
  await expect(readFrom((_, reply) => reply.json(400, status(400, 'BadRequest', words)))).rejects.toThrow(words);
});

test('a log too large for one answer is cut at the old end, not at the new one', async () => {
  const all = Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(20_000)}`);
  const { lines, api } = await readFrom(({ query }, reply) => {
    const tail = all.slice(-Number(query.get('tailLines'))).join('\n');
    reply.text(200, tail.slice(0, Number(query.get('limitBytes'))));
  });
  expect(lines.at(-1)?.startsWith('199 ')).toBe(true);
  expect(lines).toHaveLength(50);
  expect(api.received).toHaveLength(2);
});
