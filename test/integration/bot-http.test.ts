import { describe, expect, it, onTestFinished } from 'vitest';
import { type HttpOptions, startHttp } from '../../src/bot/http.ts';

async function open(overrides: Partial<HttpOptions> = {}) {
  const server = await startHttp({
    port: 0,
    health: {},
    readiness: {},
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'lifeguard_up 1\n' }),
    ...overrides,
  });
  onTestFinished(() => server.close());
  return {
    server,
    get: (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init),
  };
}

describe('the HTTP side', () => {
  it('is healthy and ready when no check complains', async () => {
    const { get } = await open({ readiness: { slack: () => undefined, redis: async () => undefined } });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz?verbose=1')).status).toBe(200);
  });

  it('names what is wrong, also when the check itself fails', async () => {
    const readiness = {
      slack: () => 'not connected',
      redis: () => Promise.reject(new Error('no route')),
      fine: () => undefined,
    };
    const { get } = await open({ readiness });
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe('slack: not connected\nredis: no route\n');
    expect((await get('/healthz')).status).toBe(200);
  });

  it('serves metrics as they are rendered, and 500 where that fails', async () => {
    const { get } = await open();
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('version=0.0.4');
    expect(await answer.text()).toBe('lifeguard_up 1\n');
    const broken = await open({ metrics: () => Promise.reject(new Error('broken')) });
    expect((await broken.get('/metrics')).status).toBe(500);
  });

  it('knows nothing else', async () => {
    const { get } = await open();
    expect((await get('/')).status).toBe(404);
    expect((await get('/healthz', { method: 'POST', body: 'x' })).status).toBe(404);
    expect((await get('/constructor')).status).toBe(404);
  });

  it('a busy port is one clear sentence', async () => {
    const { server } = await open();
    await expect(open({ port: server.port })).rejects.toThrow(
      `Port ${server.port} is already in use. Set PORT to a free one.`,
    );
  });

  it('closes although a client keeps its connection open', async () => {
    const { server, get } = await open();
    await (await get('/healthz')).text();
    await server.close();
    await expect(get('/healthz')).rejects.toThrow('fetch failed');
  });
});
