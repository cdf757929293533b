import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttp } from '../../src/bot/http.ts';
import type { Webhook } from '../../src/bot/webhook.ts';
import { LifeguardError } from '../../src/core/errors.ts';

async function open(overrides: Partial<Webhook> = {}) {
  const kept: string[] = [];
  const server = await startHttp({
    port: 0,
    health: {},
    readiness: {},
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    webhooks: { '/webhooks/test': { limit: 1_000, accept: async (body) => void kept.push(body), ...overrides } },
  });
  onTestFinished(() => server.close());
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${server.port}/webhooks/test`, { method: 'POST', body, headers });
  return { kept, post, url: `http://127.0.0.1:${server.port}/webhooks/test` };
}

function failing(error: unknown): Partial<Webhook> {
  return { accept: () => Promise.reject(error) };
}

describe('a webhook', () => {
  it('answers 200 when the body is kept', async () => {
    const { kept, post } = await open();
    expect((await post('{"a":"ü"}')).status).toBe(200);
    expect(kept).toEqual(['{"a":"ü"}']);
  });

  it('takes nothing but POST', async () => {
    const { url } = await open();
    const answer = await fetch(url);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('asks for the token where there is one', async () => {
    const { kept, post } = await open({ token: 'correct-horse' });
    expect((await post('x')).status).toBe(401);
    expect((await post('x', { authorization: 'Bearer wrong-horse' })).status).toBe(401);
    expect((await post('x', { authorization: 'Basic correct-horse' })).status).toBe(401);
    expect(kept).toEqual([]);
    expect((await post('x', { authorization: 'bearer correct-horse' })).status).toBe(200);
  });

  it('refuses what is too long, with and without a stated length', async () => {
    const { kept, post, url } = await open();
    expect((await post('x'.repeat(1_001))).status).toBe(413);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(1_001)));
        controller.close();
      },
    });
    expect((await fetch(url, { method: 'POST', body, duplex: 'half' })).status).toBe(413);
    expect(kept).toEqual([]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('unpacks %s, up to the same limit', async (coding, pack) => {
    const { kept, post } = await open();
    expect((await post(pack('{"a":"ü"}'), { 'content-encoding': coding })).status).toBe(200);
    expect(kept).toEqual(['{"a":"ü"}']);
    const bomb = pack('x'.repeat(500_000));
    expect(bomb.length).toBeLessThan(1_000);
    expect((await post(bomb, { 'content-encoding': coding })).status).toBe(413);
    const broken = await post('x', { 'content-encoding': coding });
    expect([broken.status, await broken.text()]).toEqual([400, `The body is not ${coding}.\n`]);
    expect(kept).toHaveLength(1);
  });

  it('says which packing it does not understand', async () => {
    const { kept, post } = await open();
    const answer = await post('x', { 'content-encoding': 'zstd' });
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate']);
    expect(kept).toEqual([]);
  });

  it('asks a sender that sends too much to slow down', async () => {
    const full = new LifeguardError('Too many.', { code: 'store-full', retry: 'rate-limited', retryAfterMs: 7_500 });
    const answer = await (await open(failing(full))).post('x');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '8']);
  });

  it('says what the sender can mend, and asks it to come again when it cannot', async () => {
    const wrong = new LifeguardError('It is not JSON.', { code: 'input-invalid', retry: 'permanent' });
    const mended = await (await open(failing(wrong))).post('x');
    expect([mended.status, await mended.text()]).toEqual([400, 'It is not JSON.\n']);
    const away = new LifeguardError('Redis did not answer.', { code: 'store-unreachable', retry: 'transient' });
    const later = await (await open(failing(away))).post('x');
    expect([later.status, later.headers.get('retry-after')]).toEqual([503, '5']);
    const broken = await (await open(failing(new Error('a secret detail')))).post('x');
    expect([broken.status, await broken.text()]).toEqual([500, 'It could not be kept.\n']);
  });
});
