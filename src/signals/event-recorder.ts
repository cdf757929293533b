import { describeError } from '../core/errors.ts';
import type { EventRecord } from '../core/event-record.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventStore } from '../core/ports/event-store.ts';
import type { Log } from '../core/ports/log.ts';
import type { Signal } from '../core/signal.ts';
import type { LiveView } from './cluster-view.ts';
import { createNews, type Novelty } from './event-news.ts';

export interface RecorderContext {
  readonly store: Pick<EventStore, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Knows what an object belongs to, and on which node a pod runs. */
  readonly view: Pick<LiveView, 'ownerOfNamed' | 'nodeOfNamed'>;
  readonly signal: AbortSignal;
  /** Told how many were let go because the store was away for too long. */
  readonly onDropped: (count: number) => void;
}

/** How often what was heard is written, milliseconds. */
const flushMs = 1_000;

/** Kept while the store is away; older ones are let go. */
const room = 5_000;

/** Written at once. */
const batch = 500;

/** Keeps what Kubernetes says: each Event as often as it counts up, and each restart of a container. Judging never waits for it. */
export function createEventRecorder(context: RecorderContext): { accept(signal: Signal): void } {
  const { store, clock, log, signal, onDropped, view } = context;
  const news = createNews(() => clock.now());
  let waiting: readonly Novelty[] = [];
  let away = false;

  /** By now what an object belongs to has been seen too, and where it runs. */
  function complete({ record, ref }: Novelty): EventRecord {
    const { kind, name } = view.ownerOfNamed(ref);
    const node = record.node ?? view.nodeOfNamed(ref);
    return { ...record, owner: { kind, name }, ...(node === undefined ? {} : { node }) };
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const next = waiting.slice(0, batch);
      await store.append(next.map(complete));
      waiting = waiting.slice(next.length);
    }
  }

  async function flush(): Promise<void> {
    try {
      await write();
      away = false;
    } catch (error) {
      if (!away) log.warn('Events could not be kept; it is tried again', { problem: describeError(error) });
      away = true;
    }
    if (waiting.length > room) {
      onDropped(waiting.length - room);
      waiting = waiting.slice(-room);
    }
    flushLater();
  }

  function flushLater(): void {
    if (!signal.aborted) clock.schedule(clock.now() + flushMs, () => void flush());
  }
  flushLater();

  return {
    accept(seen) {
      const found = news.read(seen);
      if (found.length > 0) waiting = [...waiting, ...found];
    },
  };
}
