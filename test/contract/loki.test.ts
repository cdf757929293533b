import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Clock } from '../../src/core/ports/clock.ts';
import { redact } from '../../src/core/redact.ts';
import { createLokiClient, type LokiAddress } from '../../src/platform/loki/client.ts';
import { createLokiFollower } from '../../src/platform/loki/follower.ts';
import { createLokiSource } from '../../src/platform/loki/loki.ts';
import { startLoki } from '../support/loki.ts';
import { describeLoki } from './loki.ts';

describeLoki('the local Loki', async () => (await startLoki()).url);

const selection = {
  labels: { namespace: 'k8s_namespace_name', pod: 'k8s_pod_name', container: 'k8s_container_name' },
  match: { cluster: 'prod "one"' },
};
const query = { namespace: 'shop', pods: ['web-1', 'web-2'], from: 0, to: 1_000, limit: 10 };

function sourceAt(address: LokiAddress) {
  return createLokiSource({ client: createLokiClient(address), selection, redact });
}

describe('a Loki in trouble', () => {
  it.each([
    ['fails', 500, 'oops', 'HTTP 500'],
    ['wants another token', 401, '', 'HTTP 401'],
    ['is something else', 200, '<html>', 'its answer is not that of a Loki'],
    ['answers something else', 200, '{"data":{"resultType":"matrix","result":[]}}', 'not that of a Loki'],
    ['says far too much', 200, 'x'.repeat(33 * 2 ** 20), 'larger than'],
  ])('that %s is one that did not answer', async (_case, status, body, words) => {
    const local = await startLoki();
    local.answer = { status, body };
    await expect(sourceAt(local).read(query)).rejects.toMatchObject({
      code: 'logs-unreachable',
      message: expect.stringContaining(words),
    });
  });

  it('is given up within seconds where it is slow, and then left alone, so that nobody waits for it', async () => {
    const local = await startLoki();
    local.answer = 'hang';
    const source = sourceAt(local);
    const began = performance.now();
    const both = [source.read(query), source.read(query)];
    for (const asked of both) await expect(asked).rejects.toMatchObject({ code: 'logs-unreachable' });
    await expect(source.read(query)).rejects.toThrow('nothing within 5 s');
    // After 5 s; one after the other would be 10 s.
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(local.asked).toHaveLength(2);
  });

  it('is not in trouble because somebody no longer waits', async () => {
    const local = await startLoki();
    local.answer = 'hang';
    const source = sourceAt(local);
    for (let call = 0; call < 3; call += 1) {
      const stop = new AbortController();
      const asked = source.read(query, stop.signal);
      stop.abort(new Error('enough'));
      await expect(asked).rejects.toThrow('enough');
    }
    local.answer = undefined;
    expect(await source.read(query)).toEqual([]);
  });

  it('is told of once while a log is followed, however often it is left alone and tried again, and once when it is back', async () => {
    const local = await startLoki();
    local.answer = { status: 503, body: '' };
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    /** Time passes where somebody waits for it; the Loki is back after two minutes. */
    const clock: Clock = {
      now: () => Date.now(),
      schedule(at, callback) {
        vi.setSystemTime(at);
        if (at >= 120_000) local.answer = undefined;
        const due = setImmediate(callback);
        return () => clearImmediate(due);
      },
    };
    const stop = new AbortController();
    const troubles: (string | undefined)[] = [];
    const follower = createLokiFollower({ client: createLokiClient(local), selection, clock });
    const recovered = Promise.withResolvers<void>();
    const ended = follower.follow({
      origin: { namespace: 'shop', pod: 'web-1', container: 'app' },
      from: 0,
      onLines: () => {},
      onTrouble(problem) {
        troubles.push(problem);
        if (problem === undefined) recovered.resolve();
      },
      signal: stop.signal,
    });
    await recovered.promise;
    stop.abort();
    await ended;
    expect(local.asked.length).toBeGreaterThan(4);
    expect(troubles).toEqual([expect.stringMatching(/^Loki did not answer \(HTTP 503\).*retrying\.$/), undefined]);
  });
});

it('a Loki is asked by the labels it has, as the tenant, with the token', async () => {
  const local = await startLoki();
  await sourceAt({ ...local, tenant: 'team-a', token: 'abc' }).read({ ...query, container: 'app', contains: 'a.b' });
  expect(local.asked).toEqual([
    '{cluster="prod \\"one\\"",k8s_namespace_name="shop",k8s_pod_name=~"web-1|web-2",k8s_container_name="app"} |~ "(?i)a\\\\.b"',
  ]);
  expect(local.headers).toMatchObject({ 'x-scope-orgid': 'team-a', authorization: 'Bearer abc' });
});
