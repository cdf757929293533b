import { expect, it } from 'vitest';
import type { EventRecord } from '../../src/core/event-record.ts';
import type { EventStore } from '../../src/core/ports/event-store.ts';

const base = 1_772_445_600_000;

function record(id: string, at: number): EventRecord {
  const owner = { kind: 'Deployment', name: 'checkout' };
  const said = { type: 'Warning', reason: 'BackOff', note: 'Back-off', times: 1 };
  return { id, at, namespace: 'shop', kind: 'Pod', name: 'checkout-1', owner, node: 'node-1', ...said };
}

/** What every event store promises. `open` answers an empty one that keeps an hour and a hundred. */
export function describeEventStore(open: () => Promise<EventStore>): void {
  const ids = async (store: EventStore, since = 0) => (await store.read(since)).map(({ id }) => id);

  it('gives back what it keeps, newest first, from a moment on', async () => {
    const store = await open();
    await store.append([record('a', base), record('b', base + 1_000)]);
    await store.append([record('c', base + 500)]);
    await store.append([]);
    expect(await store.read(base)).toEqual([record('b', base + 1_000), record('c', base + 500), record('a', base)]);
    expect(await ids(store, base + 600)).toEqual(['b']);
  });

  it('keeps the same news once, as it was first heard', async () => {
    const store = await open();
    await store.append([record('a', base)]);
    await store.append([{ ...record('a', base + 9_000), times: 7 }]);
    expect(await store.read(0)).toEqual([record('a', base)]);
  });

  it('lets go of what is older than an hour, and of the oldest beyond a hundred', async () => {
    const store = await open();
    await store.append([record('old', base - 3_600_001), record('new', base)]);
    expect(await ids(store)).toEqual(['new']);
    const many = Array.from({ length: 120 }, (_, index) => record(`m${index}`, base + 1 + index));
    await store.append(many);
    expect(await ids(store)).toHaveLength(100);
    expect(await ids(store)).not.toContain('new');
    expect((await ids(store))[0]).toBe('m119');
  });
}
