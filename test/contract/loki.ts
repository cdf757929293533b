import { describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../src/core/log-record.ts';
import { redact } from '../../src/core/redact.ts';
import { createLokiClient } from '../../src/platform/loki/client.ts';
import { createLokiFollower } from '../../src/platform/loki/follower.ts';
import { createLokiSource } from '../../src/platform/loki/loki.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { soon } from '../support/patience.ts';

const selection = { labels: { namespace: 'namespace', pod: 'pod', container: 'container' }, match: {} };

/** What a Loki does, be it real or not. `open` answers its address. */
export function describeLoki(name: string, open: () => Promise<string>): void {
  let count = 0;

  async function stage() {
    const url = await open();
    count += 1;
    const namespace = `lifeguard-${process.pid}-${Date.now()}-${count}`;
    // What it answers is judged here, not how soon a busy machine does.
    const client = createLokiClient({ url: `${url}/` }, { timeoutMs: soon.timeout });
    const now = Date.now();
    async function push(pod: string, lines: readonly (readonly [ago: number, text: string])[], container = 'app') {
      const values = lines.map(([ago, text], index) => [
        `${BigInt(now - ago) * 1_000_000n + BigInt(Math.floor(index / 500))}`,
        text,
      ]);
      const body = JSON.stringify({ streams: [{ stream: { namespace, pod, container }, values }] });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/loki/api/v1/push`, { method: 'POST', headers, body });
      expect(answer.status).toBe(204);
    }
    const source = createLokiSource({ client, selection, redact });
    const query = { namespace, from: now - 60_000, to: now + 60_000, limit: 100 };
    const texts = async (asked: Partial<Parameters<typeof source.read>[0]> & { readonly pods: readonly string[] }) =>
      (await source.read({ ...query, ...asked })).map(({ text }) => text);
    return { client, namespace, push, source, query, texts, now };
  }

  describe(`${name}: lines that are read`, () => {
    it('are those of the pods and of the container, oldest first, redacted', async () => {
      const { push, source, query, namespace, now } = await stage();
      await push('web-1', [
        [3_000, 'one'],
        [1_000, 'password=hunter22'],
      ]);
      await push('web-1', [[2_000, 'from aside']], 'side');
      await push('web-2', [[2_500, 'two']]);
      await push('web-11', [[2_500, 'of another pod']]);
      const all = await source.read({ ...query, pods: ['web-1', 'web-2'] });
      expect(all.map(({ pod, container, text }) => [pod, container, text])).toEqual([
        ['web-1', 'app', 'one'],
        ['web-2', 'app', 'two'],
        ['web-1', 'side', 'from aside'],
        ['web-1', 'app', expect.stringMatching(/^password=\[redacted/)],
      ]);
      expect(all[0]).toMatchObject({ namespace, at: now - 3_000 });
      const side = await source.read({ ...query, pods: ['web-1'], container: 'side' });
      expect(side.map(({ text }) => text)).toEqual(['from aside']);
      expect(await source.read({ ...query, pods: [] })).toEqual([]);
    });

    it('are cut at both ends, and the newest count', async () => {
      const { push, texts, now } = await stage();
      await push('web-1', [
        [3_000, 'one'],
        [2_000, 'two'],
        [1_000, 'three'],
      ]);
      expect(await texts({ pods: ['web-1'], limit: 2 })).toEqual(['two', 'three']);
      expect(await texts({ pods: ['web-1'], from: now - 2_000, to: now - 1_000 })).toEqual(['two']);
    });

    it('come in pages, none twice and none left out, also where many have the same time', async () => {
      const { push, texts } = await stage();
      await push(
        'web-1',
        Array.from({ length: 2_500 }, (_, index) => [30_000, `line ${index}`] as const),
      );
      expect(new Set(await texts({ pods: ['web-1'], limit: 5_000 })).size).toBe(2_500);
      expect(new Set(await texts({ pods: ['web-1'], limit: 1_500 })).size).toBe(1_500);
    });

    it('are those of the last month, whatever is asked for', async () => {
      const { push, texts } = await stage();
      await push('web-1', [[1_000, 'one']]);
      expect(await texts({ pods: ['web-1'], from: 0 })).toEqual(['one']);
    });

    it.each([
      ['a text of any case', 'TIMED out', ['it timed out (after 3s)']],
      ['a text with signs', 'out (after 3s)', ['it timed out (after 3s)']],
      ['signs that mean something elsewhere', '.*', []],
      ['quotes', '" or "', ['say " or " \\ ${x}']],
      ['a backslash', '\\ ${', ['say " or " \\ ${x}']],
      ['what would be a query', '"} | line_format "{{.x}}', []],
      ['half a character', '\uD800', []],
    ])('are searched for %s', async (_case, contains, found) => {
      const { push, texts } = await stage();
      await push('web-1', [
        [2_000, 'it timed out (after 3s)'],
        [1_000, 'say " or " \\ ${x}'],
      ]);
      expect(await texts({ pods: ['web-1'], contains })).toEqual(found);
    });

    it('are only those of pods that are called so', async () => {
      const { push, texts } = await stage();
      await push('web-1', [[1_000, 'one']]);
      for (const pod of ['.*', 'web-1|other"} or {namespace=~".+', 'web.1'])
        expect(await texts({ pods: [pod] })).toEqual([]);
    });

    it('do not tell by a search what a secret contains', async () => {
      const { push, texts } = await stage();
      await push('web-1', [[1_000, 'password=hunter22']]);
      expect(await texts({ pods: ['web-1'], contains: 'hunter22' })).toEqual([]);
    });
  });

  it(`${name}: says what is wrong with a query`, async () => {
    const { client } = await stage();
    const asked = client.entries({ query: '{', start: 0n, end: 1n, direction: 'forward', limit: 1 });
    await expect(asked).rejects.toMatchObject({
      code: 'logs-rejected',
      message: expect.stringContaining('parse error'),
    });
  });

  it(`${name}: a log is followed, each line once, late ones too`, async () => {
    const { client, push, namespace, now } = await stage();
    const clock = createSteppedClock(Date.now());
    const stop = new AbortController();
    const lines: LogLine[] = [];
    const troubles: (string | undefined)[] = [];
    const ended = createLokiFollower({ client, selection, clock }).follow({
      origin: { namespace, pod: 'web-1', container: 'app' },
      from: now - 50_000,
      onLines: (fresh) => void lines.push(...fresh),
      onTrouble: (problem) => void troubles.push(problem),
      signal: stop.signal,
    });
    const told = async (texts: readonly string[]) =>
      vi.waitFor(() => {
        clock.advance(5_000);
        expect(lines.map(({ text }) => text)).toEqual(texts);
      }, soon);
    await push('web-1', [
      [59_000, 'too old'],
      [9_000, 'one'],
      [9_000, 'same time'],
      [4_000, 'two\nof two'],
    ]);
    await told(['one', 'same time', 'two', 'of two']);
    await push('web-1', [
      [8_000, 'late'],
      [2_000, 'three'],
    ]);
    await told(['one', 'same time', 'two', 'of two', 'late', 'three']);
    await push(
      'web-1',
      Array.from({ length: 7_000 }, (_, index) => [1_000, `many ${index}`] as const),
    );
    await vi.waitFor(() => {
      clock.advance(5_000);
      expect(lines).toHaveLength(7_006);
    }, soon);
    expect(new Set(lines.map(({ text }) => text)).size).toBe(7_006);
    stop.abort();
    await ended;
    expect(troubles).toEqual([]);
  });
}
