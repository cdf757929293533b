import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogDigest } from '../../../src/analysis/logs/digest.ts';
import type { FollowedLog } from '../../../src/core/ports/log-source.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import type { Signal } from '../../../src/core/signal.ts';
import type { ClusterView } from '../../../src/core/view.ts';
import type { LogsView } from '../../../src/core/views/logs.ts';
import { watchLogs } from '../../../src/signals/log-listener.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { aPod, checkout, minutes, now, seconds, type ViewParts, viewOf } from '../../support/views.ts';

interface Choice {
  readonly namespaces?: readonly string[];
  readonly affected?: readonly ResourceRef[];
}

function listen(parts: ViewParts = { pod: [aPod()] }, { namespaces = [], affected = [checkout] }: Choice = {}) {
  const clock = createSteppedClock(now);
  const stopping = new AbortController();
  const followed: (FollowedLog & { end: () => void })[] = [];
  const signals: Signal[] = [];
  const troubles: (string | undefined)[] = [];
  const world: { affected: readonly ResourceRef[]; view: ClusterView } = { affected, view: viewOf(parts) };
  watchLogs({
    clock,
    signal: stopping.signal,
    view: { ...world.view, podsOf: (ref) => world.view.podsOf(ref) },
    affected: async () => world.affected,
    namespaces,
    follower: {
      follow: (log) =>
        new Promise((resolve) => {
          followed.push({ ...log, end: resolve });
          log.signal.addEventListener('abort', () => resolve());
        }),
    },
    createDigest: (regarding, since) => createLogDigest({ regarding, since, bucketMs: 30_000 }),
    emit: (signal) => void signals.push(signal),
    onTrouble: (problem) => void troubles.push(problem),
  });
  const views = (): readonly LogsView[] =>
    signals.flatMap((one) => (one.type === 'seen' && one.observation.kind === 'logs' ? [one.observation.object] : []));
  /** Time goes on from look to look, and what each has begun comes to rest. */
  async function tick(ms = 5 * seconds): Promise<void> {
    await setImmediate();
    for (let left = ms; left > 0; left -= 5 * seconds) {
      clock.advance(Math.min(left, 5 * seconds));
      await setImmediate();
    }
  }
  return { followed, signals, troubles, views, tick, world, stopping };
}

describe('whose logs are listened to', () => {
  it('those of workloads in trouble, from half an hour ago on, told as patterns', async () => {
    const { followed, views, tick } = listen();
    await tick(0);
    expect(followed.map(({ origin, from }) => [origin, from])).toEqual([
      [{ namespace: 'shop', pod: 'checkout-2-a', container: 'app' }, now - 30 * minutes],
    ]);
    followed[0]?.onLines([{ at: now, text: 'ERROR cannot reach payments' }]);
    await tick(10 * seconds);
    expect(views().at(-1)).toMatchObject({
      regarding: checkout,
      patterns: [{ template: 'cannot reach payments', level: 'error', count: 1 }],
    });
  });

  it.each([
    [[], 0],
    [['sh*'], 1],
    [['pay'], 0],
  ])('nobody else, unless their namespace is chosen: %j', async (namespaces, streams) => {
    const { followed, tick } = listen({ pod: [aPod()] }, { namespaces, affected: [] });
    await tick();
    expect(followed).toHaveLength(streams);
  });

  it('for ten minutes after their trouble ended', async () => {
    const { followed, signals, tick, world } = listen();
    await tick(0);
    world.affected = [];
    await tick(9 * minutes);
    expect(followed[0]?.signal.aborted).toBe(false);
    await tick(2 * minutes);
    expect(followed[0]?.signal.aborted).toBe(true);
    expect(signals.at(-1)?.type).toBe('gone');
  });

  it('goes on where it was with a pod that can be read again, and ends with a pod that is gone', async () => {
    const { followed, tick, world } = listen();
    await tick(0);
    followed[0]?.onLines([{ at: now + 1000, text: 'INFO hello' }]);
    followed[0]?.end();
    await tick();
    expect(followed[1]?.from).toBe(now + 1001);
    world.view = viewOf({ pod: [aPod({ name: 'checkout-2-b' })] });
    await tick();
    expect(followed[1]?.signal.aborted).toBe(true);
    expect(followed[2]?.origin.pod).toBe('checkout-2-b');
  });

  it('never more containers of one workload than ten', async () => {
    const pod = Array.from({ length: 30 }, (_, index) => aPod({ name: `checkout-2-${index}` }));
    const { followed, tick } = listen({ pod });
    await tick(0);
    expect(followed).toHaveLength(10);
  });

  it('says what keeps it from reading, until it can', async () => {
    const { followed, troubles, tick } = listen();
    await tick(0);
    followed[0]?.onTrouble('pods/log is forbidden');
    await tick();
    expect(troubles.at(-1)).toBe('pods/log is forbidden');
    followed[0]?.onTrouble(undefined);
    await tick();
    expect(troubles.at(-1)).toBeUndefined();
  });

  it('who cannot be heard is named, so that silence is not taken for silence', async () => {
    const { followed, views, tick } = listen();
    await tick(0);
    followed[0]?.onTrouble('Loki did not answer');
    await tick(10 * seconds);
    expect(views().at(-1)?.unheard).toEqual(['checkout-2-a']);
    followed[0]?.onTrouble(undefined);
    await tick();
    expect(views().at(-1)?.unheard).toEqual([]);
  });

  it('is told where something came, at the next look, and else where a bucket ended', async () => {
    const { followed, views, tick } = listen();
    await tick(10 * seconds);
    followed[0]?.onLines([{ at: now, text: 'INFO hello' }]);
    await tick(5 * seconds);
    expect(views().at(-1)?.patterns).toHaveLength(1);
    const before = views().length;
    await tick(10 * minutes);
    const quiet = views().slice(before);
    expect(quiet).toHaveLength(20);
    expect(new Set(quiet.map(({ bucketAt }) => bucketAt)).size).toBe(20);
  });

  it('nothing is told before there was time to read what had been written', async () => {
    const { followed, views, tick } = listen();
    await tick(9 * seconds);
    expect(followed).toHaveLength(1);
    expect(views()).toEqual([]);
    await tick(2 * seconds);
    expect(views()).toHaveLength(1);
  });

  it('nobody once it is stopped', async () => {
    const { followed, stopping, tick } = listen();
    await tick(0);
    stopping.abort();
    await tick(minutes);
    expect(followed).toHaveLength(1);
    expect(followed[0]?.signal.aborted).toBe(true);
  });
});
