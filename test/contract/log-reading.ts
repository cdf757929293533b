import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../src/core/log-record.ts';
import { redact } from '../../src/core/redact.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createHttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createLogFollower } from '../../src/platform/kubernetes/log-follower.ts';
import { createPodLogSource } from '../../src/platform/kubernetes/pod-log-source.ts';
import type { Credentials } from '../../src/platform/kubernetes/secrets.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { openRawApi, type RawApi } from '../support/kubernetes/raw-api.ts';
import { soon } from '../support/patience.ts';
import { corePath, createPod, done } from './kubernetes/stage.ts';

const clock = systemClock;

/** How pod logs are followed and read through an API server. `connect` answers an administrator's credentials. */
export function describeLogReading(name: string, connect: () => Promise<Credentials>): void {
  const namespace = `lifeguard-logs-${process.pid}`;
  let api: RawApi;
  let http: HttpClient;

  beforeAll(async () => {
    const credentials = await connect();
    api = openRawApi(credentials);
    http = createHttpClient(credentials);
    await done(stage(), { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  });

  afterAll(async () => {
    await api.call({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
    await Promise.all([api.close(), http.close()]);
  });

  const stage = () => ({ api, namespace });

  function follow(pod: string, from: number) {
    const lines: LogLine[] = [];
    const troubles: (string | undefined)[] = [];
    const stop = new AbortController();
    const ended = createLogFollower({ http, clock, random: Math.random }).follow({
      origin: { namespace, pod, container: 'app' },
      from,
      onLines: (fresh) => void lines.push(...fresh),
      onTrouble: (problem) => void troubles.push(problem),
      signal: stop.signal,
    });
    return { lines, troubles, stop, ended, texts: () => lines.map(({ text }) => text) };
  }

  const source = () => createPodLogSource({ http, clock, redact });
  const wanted = (pods: readonly string[], from: number) => ({ namespace, pods, from, to: Date.now() + 60_000 });

  describe(`${name}: a log that is followed`, () => {
    it('comes line by line, each once and in order, through the restarts of its container', async () => {
      const from = Date.now() - 60_000;
      await createPod(stage(), 'restarting', {
        env: { LOG_EVERY_MS: '100', CRASH_AFTER_S: '2', CRASH_LOG: 'cannot go on' },
      });
      const log = follow('restarting', from);
      const count = (words: string) => log.texts().filter((text) => text.includes(words)).length;
      await vi.waitFor(() => expect(count('cannot go on')).toBe(2), soon);
      log.stop.abort();
      await log.ended;
      expect(count('starting')).toBe(2);
      expect(new Set(log.texts()).size).toBe(log.lines.length);
      expect(log.lines.map(({ at }) => at)).toEqual(log.lines.map(({ at }) => at).toSorted((a, b) => a - b));
      expect(log.lines.length).toBeGreaterThan(20);
      expect(Math.abs((log.lines[0]?.at ?? 0) - Date.now())).toBeLessThan(600_000);
      expect(log.troubles.filter((problem) => problem !== undefined)).toEqual([]);
    });

    it('goes on from a moment, and ends once its pod is gone', async () => {
      await createPod(stage(), 'leaving', { env: { LOG_EVERY_MS: '50' } });
      // A kubelet that has not heard of a pod yet answers as if there were none.
      const read = () => done(stage(), { path: corePath(stage(), 'pods', 'leaving') });
      await expect.poll(read).toMatchObject({ status: { phase: 'Running' } });
      const first = follow('leaving', Date.now() - 60_000);
      await vi.waitFor(() => expect(first.lines.length).toBeGreaterThan(20), soon);
      first.stop.abort();
      await first.ended;
      const from = first.lines.at(-1)?.at ?? 0;
      const second = follow('leaving', from + 1);
      await vi.waitFor(() => expect(second.lines.length).toBeGreaterThan(20), soon);
      expect(second.lines.every(({ at }) => at > from)).toBe(true);
      expect(first.texts()).not.toContain(second.texts()[0]);
      await done(stage(), { method: 'DELETE', path: corePath(stage(), 'pods', 'leaving') });
      await second.ended;
      expect(second.stop.signal.aborted).toBe(false);
    });

    it('ends at once where there is no such pod', async () => {
      const log = follow('nobody', 0);
      await log.ended;
      expect(log.lines).toEqual([]);
    });
  });

  describe(`${name}: logs that are read`, () => {
    it('are those of all containers and of both runs, oldest first; the newest count', async () => {
      const setup = { name: 'setup', image: 'test.local/app:1.0.0', env: [{ name: 'CRASH_AFTER_S', value: '1' }] };
      const initContainers = [{ ...setup, env: [...setup.env, { name: 'EXIT_CODE', value: '0' }] }];
      const from = Date.now() - 60_000;
      // The kubelet has two runs while the second goes on.
      await createPod(stage(), 'crashing', {
        env: { CRASH_AFTER_S: '4', CRASH_LOG: 'no database' },
        initContainers: [],
      });
      await createPod(stage(), 'steady', { env: { LOG_EVERY_MS: '100' }, initContainers });
      const all = await vi.waitFor(async () => {
        const lines = await source().read({ ...wanted(['crashing', 'steady', 'nobody'], from), limit: 1_000 });
        const begins = lines.filter(({ pod, text }) => pod === 'crashing' && text.includes('starting'));
        expect(begins).toHaveLength(2);
        expect(lines.filter(({ container }) => container === 'setup').length).toBeGreaterThan(0);
        expect(lines.filter(({ pod, container }) => pod === 'steady' && container === 'app').length).toBeGreaterThan(9);
        return lines;
      }, soon);
      expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => a - b));
      expect(all.every((line) => line.namespace === namespace)).toBe(true);
      const last = await source().read({ ...wanted(['steady'], from), container: 'app', limit: 3 });
      expect(last).toHaveLength(3);
      expect(last[0]?.at).toBeGreaterThan(all.at(-10)?.at ?? 0);
    });

    it('are searched, whatever the case, and cut at both ends', async () => {
      // At each crash the kubelet forgets the run before.
      await vi.waitFor(async () => {
        const words = { ...wanted(['crashing'], 0), limit: 10, contains: 'NO DATA' };
        const found = await source().read(words);
        expect(found.length).toBeGreaterThan(0);
        expect(found.every(({ text }) => text.endsWith('no database'))).toBe(true);
        const [first] = found;
        expect(await source().read({ ...words, to: first?.at ?? 0 })).not.toContainEqual(first);
        expect(await source().read({ ...words, from: first?.at ?? 0 })).toContainEqual(first);
      }, soon);
    });

    it('are refused for a container that is none', async () => {
      const asked = source().read({ ...wanted(['steady'], 0), container: 'other', limit: 1 });
      await expect(asked).rejects.toMatchObject({ code: 'logs-rejected' });
    });
  });
}
