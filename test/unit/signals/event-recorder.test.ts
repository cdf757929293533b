import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { EventRecord } from '../../../src/core/event-record.ts';
import type { Signal } from '../../../src/core/signal.ts';
import type { EventView } from '../../../src/core/views/event.ts';
import { createEventRecorder } from '../../../src/signals/event-recorder.ts';
import { keepEvidence } from '../../../src/signals/evidence.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeEventStore } from '../../support/fakes/event-store.ts';
import { aContainer, anEvent, aPod, now, viewOf } from '../../support/views.ts';

const stream = { name: 'events', kind: 'event' } as const;
const pods = { name: 'pods', kind: 'pod' } as const;
const seen = (event: Partial<EventView>): Signal => ({
  type: 'seen',
  stream,
  observation: { kind: 'event', object: anEvent(event) },
});

function openRecorder(store = createFakeEventStore()) {
  const clock = createSteppedClock(now);
  const [complaints, dropped]: [string[], number[]] = [[], []];
  const silent = { debug() {}, info() {}, error() {}, warn: (text: string) => void complaints.push(text) };
  const recorder = createEventRecorder({
    store,
    clock,
    log: silent,
    view: viewOf({ pod: [aPod({ uid: 'p1', name: 'checkout-1', node: 'node-7' })] }),
    signal: new AbortController().signal,
    onDropped: (count) => void dropped.push(count),
  });
  /** Lets a second pass, and what it began come to an end. */
  async function second(): Promise<void> {
    clock.advance(1_000);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
  return { recorder, store, second, complaints, dropped, kept: () => store.read(0) };
}

describe('what Kubernetes says', () => {
  it('is kept under what it belongs to, once for each time it counts up', async () => {
    const { recorder, second, kept } = openRecorder();
    const regarding = { kind: 'Pod', namespace: 'shop', name: 'checkout-1', uid: 'p1' };
    for (const count of [1, 1, 4]) recorder.accept(seen({ uid: 'e1', regarding, count, lastSeen: now + count }));
    await second();
    expect(await kept()).toEqual([
      expect.objectContaining({
        id: 'e1#4',
        times: 3,
        name: 'checkout-1',
        owner: { kind: 'Deployment', name: 'checkout' },
        node: 'node-7',
      }),
      expect.objectContaining({ id: 'e1#1', times: 1 }),
    ]);
  });

  it('is no news when it is heard again by another process', async () => {
    const first = openRecorder();
    first.recorder.accept(seen({ uid: 'e1', count: 3 }));
    await first.second();
    const next = openRecorder(first.store);
    next.recorder.accept({
      type: 'listed',
      stream,
      observations: [{ kind: 'event', object: anEvent({ uid: 'e1', count: 3 }) }],
    });
    await next.second();
    expect(await next.kept()).toHaveLength(1);
  });

  it('has restarts of containers among it', async () => {
    const { recorder, second, kept } = openRecorder();
    for (const restarts of [0, 1, 3]) {
      const object = aPod({ containers: [aContainer({ restarts })] });
      recorder.accept({ type: 'seen', stream: pods, observation: { kind: 'pod', object } });
    }
    await second();
    const restarted = (await kept()).map(({ type, times, kind }) => ({ type, times, kind }));
    expect(restarted).toEqual(
      expect.arrayContaining([
        { type: 'Restart', times: 1, kind: 'Pod' },
        { type: 'Restart', times: 2, kind: 'Pod' },
      ]),
    );
  });
});

describe('while Redis is away', () => {
  it('waits, is said once, and is kept in the end; what is too much is counted', async () => {
    const real = createFakeEventStore();
    let away = true;
    const store = {
      read: (since: number) => real.read(since),
      async append(records: readonly EventRecord[]) {
        if (away) throw new LifeguardError('Redis is away.', { code: 'store-unreachable', retry: 'transient' });
        await real.append(records);
      },
    };
    const { recorder, second, complaints, dropped, kept } = openRecorder(store);
    for (let index = 0; index < 5_010; index += 1) recorder.accept(seen({ uid: `e${index}`, lastSeen: now + index }));
    await second();
    await second();
    expect([complaints.length, dropped]).toEqual([1, [10]]);
    away = false;
    await second();
    expect(await kept()).toHaveLength(5_000);
  });
});

describe('evidence', () => {
  it('is warnings and restarts by a probe, and everything that is no Event', () => {
    expect(keepEvidence(seen({ type: 'Normal', note: 'Started container app' }))).toBeUndefined();
    expect(keepEvidence(seen({ type: 'Warning' }))).toBeDefined();
    const killed = seen({ type: 'Normal', note: 'Container app failed liveness probe, will be restarted' });
    expect(keepEvidence(killed)).toBeDefined();
    const listed: Signal = {
      type: 'listed',
      stream,
      observations: ['Normal', 'Warning'].map((type) => ({ kind: 'event', object: anEvent({ uid: type, type }) })),
    };
    expect(keepEvidence(listed)).toMatchObject({ observations: [{ object: { type: 'Warning' } }] });
    const pod: Signal = { type: 'seen', stream: pods, observation: { kind: 'pod', object: aPod() } };
    expect(keepEvidence(pod)).toBe(pod);
  });
});
