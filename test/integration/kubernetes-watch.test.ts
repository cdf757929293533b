import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { type Reply, status } from '../support/kubernetes/fake-api.ts';
import {
  closeWatches,
  failing,
  startWatch,
  untilInStep,
  untilWatching,
  watchRequests,
} from '../support/kubernetes/watched.ts';
import { soon } from '../support/patience.ts';

afterEach(closeWatches);

const isWatch = (query: URLSearchParams) => query.has('watch');

describe('following a collection', () => {
  test('a large list is read in pages and watched from its own version', async () => {
    const watched = await startWatch({ pods: 1_200 });
    await untilWatching(watched);
    expect(watched.known.size).toBe(1_200);
    const [first, second, third, watch] = watched.api.received.map(({ query }) => query);
    expect([first?.get('limit'), second?.get('limit'), third?.get('limit')]).toEqual(['500', '500', '500']);
    expect(watch?.get('resourceVersion')).toBe(String(watched.store.version));
    expect(watch?.get('allowWatchBookmarks')).toBe('true');
    const timeout = Number(watch?.get('timeoutSeconds'));
    expect(timeout).toBeGreaterThanOrEqual(300);
    expect(timeout).toBeLessThanOrEqual(600);
  });

  test('additions, changes and deletions arrive', async () => {
    const watched = await startWatch({ pods: 2 });
    await untilWatching(watched);
    watched.store.put('pod-0', 'second');
    watched.store.put('new', 'first');
    watched.store.remove('pod-1');
    await untilInStep(watched);
    expect(Object.fromEntries(watched.known)).toEqual({ 'pod-0': 'second', new: 'first' });
    expect(watched.lists).toHaveLength(1);
  });

  test('what operators can see: last event, events, relists, restarts', async () => {
    const watched = await startWatch();
    await untilWatching(watched);
    watched.store.put('pod-0', 'second');
    await untilInStep(watched);
    const { body } = await watched.telemetry.render();
    expect(body).toContain('lifeguard_watch_events_total{collection="/api/v1/pods"} 1');
    expect(body).toContain('lifeguard_watch_relists_total{collection="/api/v1/pods"} 1');
    const seenAt = Number(/watch_last_event_timestamp_seconds\{[^}]*\} (\S+)/.exec(body)?.[1]);
    expect(Math.abs(seenAt - Date.now() / 1000)).toBeLessThan(10);
  });
});

describe('a version that is too old', () => {
  test('HTTP 410 on the watch: the list is read again', async () => {
    const gone = (reply: Reply) => reply.json(410, status(410, 'Expired', 'too old resource version'));
    const watched = await startWatch({ fault: failing(1, isWatch, gone) });
    await untilWatching(watched, 2);
    expect(watched.lists).toHaveLength(2);
    watched.store.put('pod-0', 'second');
    await untilInStep(watched);
    expect(watched.troubles).toEqual([]);
  });

  test('an ERROR event with 410: the list is read again', async () => {
    const expire = (reply: Reply) => {
      const stream = reply.stream();
      stream.event('ERROR', status(410, 'Expired', 'too old resource version'));
      stream.end();
    };
    const watched = await startWatch({ fault: failing(1, isWatch, expire) });
    await untilWatching(watched, 2);
    expect(watched.lists).toHaveLength(2);
    expect(watched.troubles).toEqual([]);
  });

  test('410 between two pages: the list starts over and counts nothing twice', async () => {
    const isSecondPage = (query: URLSearchParams) => query.has('continue');
    const gone = (reply: Reply) =>
      reply.json(410, status(410, 'Expired', 'The provided continue parameter is too old'));
    const watched = await startWatch({ pods: 700, fault: failing(1, isSecondPage, gone) });
    await untilWatching(watched);
    expect(watched.known.size).toBe(700);
    expect(watched.lists).toEqual([700]);
  });

  test('history compacted while the watch was away: what was deleted meanwhile is gone', async () => {
    const watched = await startWatch({ pods: 3 });
    let cut = false;
    watched.store.onWatch((stream) => {
      if (cut) return;
      cut = true;
      stream.reset();
      watched.store.remove('pod-1');
      watched.store.compact();
    });
    await untilWatching(watched, 3);
    expect([...watched.known.keys()]).toEqual(['pod-0', 'pod-2']);
    expect(watched.lists).toHaveLength(2);
  });
});

describe('connections that fail', () => {
  test('a connection reset mid-stream goes on from the last version, without a new list', async () => {
    const watched = await startWatch();
    let resets = 0;
    watched.store.onWatch((stream) => {
      if (resets === 3) return;
      resets += 1;
      watched.store.put('pod-0', `change ${resets}`);
      stream.raw('{"type":"MODIFIED","obj');
      stream.reset();
    });
    await untilWatching(watched, 4);
    watched.store.put('last', 'one');
    await untilInStep(watched);
    expect(watched.lists).toHaveLength(1);
    expect(watched.versions).toEqual([...new Set(watched.versions)]);
    expect(watched.troubles[0]).toMatch(
      /^The Kubernetes API at http:\/\/127\.0\.0\.1:\d+ does not answer \(connection (reset|closed)\); retrying\.$/,
    );
    expect(watched.troubles.at(-1)).toBeUndefined();
  });

  test.each([
    [
      500,
      status(500, 'InternalError', 'etcdserver: leader changed'),
      /answers with an error \(500: etcdserver: leader changed\); retrying\.$/,
    ],
    [
      403,
      status(
        403,
        'Forbidden',
        'pods is forbidden: User "system:serviceaccount:ops:lifeguard" cannot watch resource "pods" in API group "" at the cluster scope',
      ),
      /^Lifeguard may not watch pods in the whole cluster; add apiGroups \[""\], resources \["pods"\], verbs \["watch"\] to the ClusterRole bound to system:serviceaccount:ops:lifeguard; retrying\.$/,
    ],
    [429, status(429, 'TooManyRequests', 'slow down'), /asks Lifeguard to slow down; retrying\.$/],
  ])(
    'HTTP %i on the watch is told in one sentence, and the watch comes back by itself',
    async (code, body, sentence) => {
      const watched = await startWatch({ fault: failing(2, isWatch, (reply) => reply.json(code, body)) });
      await untilWatching(watched, 3);
      watched.store.put('pod-0', 'second');
      await untilInStep(watched);
      expect(watched.troubles[0]).toMatch(sentence);
      expect(watched.troubles.at(-1)).toBeUndefined();
      expect(watched.lists).toHaveLength(1);
    },
  );

  test('a list that fails is tried again', async () => {
    const broken = (reply: Reply) => reply.json(503, status(503, 'ServiceUnavailable', 'starting'));
    const watched = await startWatch({ fault: failing(2, () => true, broken) });
    await untilWatching(watched);
    expect(watched.known.size).toBe(1);
    expect(watched.troubles[0]).toContain('(503: starting)');
  });

  test('an answer that is not a watch leads to a new list, not to an endless repetition', async () => {
    const nonsense = (reply: Reply) => reply.text(200, '<html>proxy</html>\n');
    const watched = await startWatch({ fault: failing(1, isWatch, nonsense) });
    await untilWatching(watched, 2);
    expect(watched.lists).toHaveLength(2);
    expect(watched.troubles[0]).toMatch(/\(what it sends is not a Kubernetes watch\); retrying\.$/);
  });

  test('a server that closes every watch after a few changes loses none and repeats none', async () => {
    const watched = await startWatch();
    let rounds = 0;
    watched.store.onWatch((stream) => {
      if (rounds === 12) return;
      rounds += 1;
      for (const change of [1, 2, 3]) watched.store.put(`pod-${change}`, `round ${rounds}`);
      if (rounds % 4 === 0) watched.store.remove('pod-2');
      stream.end();
      // Between two watches: only a watch from the right version brings it.
      watched.store.put('between', `round ${rounds}`);
    });
    await untilWatching(watched, 13);
    await untilInStep(watched);
    expect(watched.lists).toHaveLength(1);
    expect(watched.versions).toEqual(Array.from({ length: 51 }, (_, index) => String(102 + index)));
    expect(watched.troubles).toEqual([]);
  });

  test('a server that closes every watch at once is told of, and the first change still arrives within seconds', async () => {
    let closing = true;
    const watched = await startWatch({
      fault: (request, reply) => {
        if (!closing || !isWatch(request.query)) return false;
        reply.stream().end();
        return true;
      },
    });
    await vi.waitFor(() => expect(watched.troubles).toHaveLength(1), soon);
    expect(watched.troubles[0]).toMatch(/ends every watch of \/api\/v1\/pods at once; retrying\.$/);
    closing = false;
    watched.store.put('pod-0', 'second');
    // The longest wait between two tries is 30 s.
    await vi.waitFor(() => expect(watched.known.get('pod-0')).toBe('second'), { timeout: 15_000 });
    expect(watched.troubles.at(-1)).toBeUndefined();
  });

  test('a bookmark moves the version on, so that a quiet watch resumes without a new list', async () => {
    const watched = await startWatch();
    let streams = 0;
    watched.store.onWatch((stream) => {
      streams += 1;
      if (streams > 1) return;
      watched.store.advance();
      watched.store.bookmark();
      stream.end();
    });
    await untilWatching(watched, 2);
    const resumed = watched.api.received.filter(({ query }) => isWatch(query)).at(-1);
    expect(resumed?.query.get('resourceVersion')).toBe(String(watched.store.version));
    expect(watched.lists).toHaveLength(1);
  });

  test('a connection that falls silent is given up and opened again', async () => {
    const clock = createSteppedClock();
    const watched = await startWatch({ clock });
    await untilWatching(watched);
    await vi.waitFor(() => expect(clock.pending()).toBe(2), soon);
    clock.advance(1_000);
    clock.advance(700_000);
    await vi.waitFor(
      () => expect(watched.troubles.at(-1)).toMatch(/does not answer \(a watch fell silent\); retrying\.$/),
      soon,
    );
    clock.advance(1_000);
    await untilWatching(watched, 2);
    expect(watched.lists).toHaveLength(1);
  });
});

describe('the watcher itself', () => {
  test('a handler that throws is told of, and the next change still arrives', async () => {
    const watched = await startWatch({
      onSeen(pod) {
        if (pod.text === 'poison') throw new Error('boom');
      },
    });
    await untilWatching(watched);
    watched.store.put('pod-0', 'poison');
    watched.store.put('pod-0', 'fine');
    await untilInStep(watched);
    expect(watched.troubles).toEqual([
      'Handling what was read from /api/v1/pods failed (boom); the watch goes on.',
      undefined,
    ]);
    expect(watchRequests(watched)).toBe(1);
  });

  test('stopping leaves no timer and no connection', async () => {
    const clock = createSteppedClock();
    const watched = await startWatch({ clock });
    await untilWatching(watched);
    await watched.stop();
    expect(clock.pending()).toBe(0);
    await vi.waitFor(() => expect(watched.api.open).toBe(0), soon);
  });

  test('stopping while it waits to try again ends at once', async () => {
    const clock = createSteppedClock();
    const watched = await startWatch({
      clock,
      fault: failing(
        99,
        () => true,
        (reply) => reply.json(500, {}),
      ),
    });
    await vi.waitFor(() => expect(watched.troubles).toHaveLength(1), soon);
    await watched.stop();
    expect(clock.pending()).toBe(0);
  });

  test('nothing is called back after it was stopped', async () => {
    const watched = await startWatch();
    await untilWatching(watched);
    await watched.stop();
    watched.store.put('pod-0', 'late');
    expect(watched.versions).toEqual([]);
    expect(watched.troubles).toEqual([]);
  });
});
