import type { EventRecord } from '../core/event-record.ts';
import type { EventStore } from '../core/ports/event-store.ts';
import type { Signal } from '../core/signal.ts';
import type { RateView } from '../core/views/rate.ts';
import type { ScalingView } from '../core/views/scaling.ts';
import { keepPolling, type PollingContext } from './polling.ts';

export interface RateStreamContext extends PollingContext {
  readonly store: Pick<EventStore, 'read'>;
  readonly emit: (signal: Signal) => void;
}

/** How often rates are counted, milliseconds. */
const everyMs = 60_000;

/** Length of a bucket and how far back they go, milliseconds. */
const bucketMs = 600_000;
const backMs = 48 * 3_600_000;

/** Emits how often things happen, counted anew every minute from what is kept; so a restart forgets nothing. */
export function watchRates(context: RateStreamContext): void {
  const { store, clock, emit, signal } = context;
  async function poll(): Promise<void> {
    const now = clock.now();
    const records = await store.read(now - backMs);
    if (signal.aborted) return;
    const rates = countRates(records, now).map((object) => ({ kind: 'rate', object }) as const);
    emit({ type: 'listed', stream: { name: 'rates', kind: 'rate' }, observations: rates });
    const scalings = readScalings(records).map((object) => ({ kind: 'scaling', object }) as const);
    emit({ type: 'listed', stream: { name: 'scalings', kind: 'scaling' }, observations: scalings });
  }
  keepPolling(poll, everyMs, context);
}

/** Rates of everything to which something has happened in the newest bucket. `records` newest first, times in epoch milliseconds. */
export function countRates(records: readonly EventRecord[], now: number): readonly RateView[] {
  const oldest = records.at(-1)?.at ?? now;
  const buckets = Math.floor((now - oldest) / bucketMs);
  const owners = Map.groupBy(
    records.filter(({ type }) => type !== 'Normal'),
    ({ namespace, owner }) => `${namespace}/${owner.kind}/${owner.name}`,
  );
  return [...owners].flatMap(([key, own]) => {
    const [newest] = own;
    return newest === undefined || now - newest.at >= bucketMs ? [] : [rateOf(key, own, { now, buckets })];
  });
}

/** The words of the HorizontalPodAutoscaler controller (k8s.io/kubernetes pkg/controller/podautoscaler). */
const rescaled = /^New size: (\d+);/;

/** What autoscalers did, from the Events in which they say so. `records` newest first. */
export function readScalings(records: readonly EventRecord[]): readonly ScalingView[] {
  const told = records.filter(
    ({ kind, reason }) => kind === 'HorizontalPodAutoscaler' && reason === 'SuccessfulRescale',
  );
  return [...Map.groupBy(told, ({ namespace, name }) => `${namespace}/${name}`)].flatMap(([uid, own]) => {
    const sizes = own.flatMap(({ at, note }) => {
      const replicas = rescaled.exec(note)?.[1];
      return replicas === undefined ? [] : [{ at, replicas: Number(replicas) }];
    });
    const [{ namespace, name } = { namespace: '', name: '' }] = own;
    return [{ uid, namespace, name, createdAt: sizes.at(-1)?.at ?? 0, sizes }];
  });
}

interface Frame {
  readonly now: number;
  /** Whole buckets that are known. */
  readonly buckets: number;
}

function rateOf(key: string, own: readonly EventRecord[], { now, buckets }: Frame): RateView {
  const [{ namespace, owner } = { namespace: '', owner: { kind: '', name: '' } }] = own;
  const fill = (type: string): readonly number[] => {
    const counts = Array.from({ length: Math.max(1, buckets) }, () => 0);
    for (const record of own.filter((one) => one.type === type)) {
      const at = Math.floor((now - record.at) / bucketMs);
      if (at >= 0 && at < counts.length) counts[at] = (counts[at] ?? 0) + record.times;
    }
    return counts;
  };
  const recent = own.filter(({ at }) => now - at < bucketMs);
  const reasons = [...Map.groupBy(recent, ({ reason }) => reason)]
    .map(([reason, some]) => [reason, some.reduce((sum, { times }) => sum + times, 0)] as const)
    .toSorted((a, b) => b[1] - a[1]);
  return {
    uid: key,
    namespace,
    name: `${owner.kind}/${owner.name}`,
    createdAt: now,
    regarding: { kind: owner.kind, namespace, name: owner.name },
    bucketMs,
    warnings: fill('Warning'),
    restarts: fill('Restart'),
    reasons,
  };
}
