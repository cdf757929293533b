import { describe, expect, it } from 'vitest';
import { createWorkloadLogs } from '../../../src/composition/workload-logs.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { LogSource } from '../../../src/core/ports/log-source.ts';
import type { Observer } from '../../../src/core/ports/observer.ts';
import type { PodLogs } from '../../../src/core/ports/pod-logs.ts';
import type { ContainerView, PodView } from '../../../src/core/views/pod.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { aContainer, aPod, checkout, minutes, now, seconds, viewOf } from '../../support/views.ts';

const away = new LifeguardError('Loki did not answer (nothing within 5 s).', {
  code: 'logs-unreachable',
  retry: 'transient',
});
const failing: LogSource = { id: 'loki', read: () => Promise.reject(away) };

function knowing(id: string, texts: readonly string[]): LogSource {
  const lines = texts.map((text) => ({ namespace: 'shop', pod: 'checkout-2-a', container: 'app', at: now, text }));
  return { id, read: async () => lines };
}

function logsFrom(...sources: readonly LogSource[]) {
  const observer = { observe: async () => viewOf({ pod: [aPod()] }) };
  return logsOf(observer, sources);
}

function logsOf(observer: Pick<Observer, 'observe'>, sources: readonly LogSource[]) {
  return createWorkloadLogs({ observer, sources, previous: { read: async () => [] }, clock: createSteppedClock(now) });
}

const wish = { backMs: 10 * minutes, previous: false };

describe('logs of a workload', () => {
  it('come from the first source that knows any', async () => {
    const logs = logsFrom(knowing('loki', []), knowing('pushed', ['one']), knowing('pods', ['one', 'two']));
    const found = await logs.read(checkout, wish);
    expect(found).toMatchObject({ source: 'pushed', read: 1, pods: 1, lines: [{ text: 'one' }] });
    expect(found).not.toHaveProperty('unanswered');
  });

  it.each([['one'], []])('say of a source that does not answer why, also where others know %j', async (...texts) => {
    const logs = logsFrom(failing, knowing('pods', texts));
    const found = { source: 'pods', unanswered: away.message };
    expect(await logs.read(checkout, wish)).toMatchObject({ ...found, lines: texts.map((text) => ({ text })) });
    const { logs: view, ...rest } = await logs.patterns(checkout, 10 * minutes);
    expect(rest).toMatchObject(found);
    expect(view.patterns).toHaveLength(texts.length);
  });

  it.each<[string, readonly PodView[]]>([
    ['is gone', [aPod({ name: 'checkout-2-b' })]],
    ['is going', [aPod({ deletion: { since: now, finalizers: [] } }), aPod({ name: 'checkout-2-b' })]],
  ])('do not count a pod as read that %s by the time that nothing was read of it', async (_, after) => {
    const before = [aPod(), aPod({ name: 'checkout-2-b' })];
    const states = [before, after];
    const observer = { observe: async () => viewOf({ pod: [...(states.shift() ?? after)] }) };
    const lines = [{ namespace: 'shop', pod: 'checkout-2-b', container: 'app', at: now, text: 'one' }];
    const logs = logsOf(observer, [{ id: 'pods', read: async () => lines }]);
    expect(await logs.read(checkout, wish)).toMatchObject({ lines, read: 1, pods: 2 });
  });

  it('count a pod as read that has nothing to say', async () => {
    expect(await logsFrom(knowing('pods', [])).read(checkout, wish)).toMatchObject({ lines: [], read: 1, pods: 1 });
  });

  const end = { exitCode: 3, reason: 'Error', startedAt: now - 5 * seconds, finishedAt: now - 4 * seconds };

  it.each<[string, Partial<ContainerView>, boolean]>([
    ['runs again', { last: end, restarts: 1 }, true],
    ['waits', { state: { phase: 'waiting', reason: 'CrashLoopBackOff' }, last: end, restarts: 1 }, true],
    ['waits and is reported as terminated', { state: { phase: 'terminated', ...end }, last: end, restarts: 1 }, false],
    ['crashed for the first time', { state: { phase: 'terminated', ...end } }, false],
  ])('of the run before are those of the newest that ended, where the container %s', async (_, container, before) => {
    const previous: PodLogs = {
      read: async (asked) => (asked.previous === before ? ['boom'] : []),
    };
    const observer = { observe: async () => viewOf({ pod: [aPod({ containers: [aContainer(container)] })] }) };
    const logs = createWorkloadLogs({ observer, sources: [], previous, clock: createSteppedClock(now) });
    const found = await logs.read(checkout, { ...wish, previous: true });
    expect(found.lines).toMatchObject([{ text: 'boom', at: end.finishedAt }]);
  });

  it('fail where the last source does not answer either', async () => {
    await expect(logsFrom(knowing('loki', []), failing).read(checkout, wish)).rejects.toBe(away);
  });
});
