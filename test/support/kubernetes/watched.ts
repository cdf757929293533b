import { expect, vi } from 'vitest';
import { readString } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/ports/clock.ts';
import { createClusterReader } from '../../../src/platform/kubernetes/cluster-reader.ts';
import { systemClock } from '../../../src/platform/system/clock.ts';
import { createTelemetry, type Telemetry } from '../../../src/platform/telemetry/metrics.ts';
import { soon } from '../patience.ts';
import { openClient } from './clients.ts';
import { type FakeApi, type Reply, startFakeApi } from './fake-api.ts';
import { createPodStore, type Fault, type PodStore } from './pod-store.ts';

const closing: (() => Promise<void>)[] = [];

/** Stops every watch that was started, and its server. */
export async function closeWatches(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}

interface Pod {
  readonly name: string;
  readonly text: string;
  readonly version: string;
}

export interface Watched {
  readonly api: FakeApi;
  readonly store: PodStore;
  /** What the watcher believes there is: name -> text. */
  readonly known: Map<string, string>;
  /** Versions of the single changes, in the order they came. */
  readonly versions: string[];
  readonly troubles: (string | undefined)[];
  /** How many items each full list had. */
  readonly lists: readonly number[];
  readonly telemetry: Telemetry;
  readonly stop: () => Promise<void>;
}

interface Setting {
  readonly fault?: Fault;
  readonly pods?: number;
  readonly clock?: Clock;
  /** Replaces the ordinary handling of a change. */
  readonly onSeen?: (pod: Pod) => void;
}

export async function startWatch(setting: Setting = {}): Promise<Watched> {
  const store = createPodStore(setting.fault);
  for (let index = 0; index < (setting.pods ?? 1); index += 1) store.put(`pod-${index}`, 'first');
  const api = await startFakeApi(store.handle);
  const http = openClient(api.url);
  const telemetry = createTelemetry();
  const clock = setting.clock ?? systemClock;
  const reader = createClusterReader({ http, clock, random: () => 0.99, metrics: telemetry.watch });
  const stop = new AbortController();
  const known = new Map<string, string>();
  const versions: string[] = [];
  const troubles: (string | undefined)[] = [];
  const lists: number[] = [];
  const running = reader.watch<Pod>({
    collection: { path: '/api/v1/pods' },
    slim: (raw) => ({
      name: readString(raw, 'metadata', 'name') ?? '',
      text: readString(raw, 'text') ?? '',
      version: readString(raw, 'metadata', 'resourceVersion') ?? '',
    }),
    onList(items) {
      lists.push(items.length);
      known.clear();
      for (const { name, text } of items) known.set(name, text);
    },
    onSeen(pod) {
      setting.onSeen?.(pod);
      versions.push(pod.version);
      known.set(pod.name, pod.text);
    },
    onGone(pod) {
      versions.push(pod.version);
      known.delete(pod.name);
    },
    onTrouble: (problem) => void troubles.push(problem),
    signal: stop.signal,
  });
  closing.push(async () => {
    stop.abort();
    await running;
    await http.close();
    await api.close();
  });
  return {
    api,
    store,
    known,
    versions,
    troubles,
    lists,
    telemetry,
    async stop() {
      stop.abort();
      await running;
      await http.close();
    },
  };
}

export async function untilInStep({ store, known }: Watched): Promise<void> {
  await vi.waitFor(() => expect(Object.fromEntries(known)).toEqual(store.contents()), soon);
}

export function watchRequests({ api }: Watched): number {
  return api.received.filter(({ query }) => query.has('watch')).length;
}

export async function untilWatching(watched: Watched, times = 1): Promise<void> {
  await vi.waitFor(() => expect(watchRequests(watched)).toBeGreaterThanOrEqual(times), soon);
}

/** A fault for the first `times` requests that match. */
export function failing(
  times: number,
  matches: (query: URLSearchParams) => boolean,
  act: (reply: Reply) => void,
): Fault {
  let left = times;
  return (request, reply) => {
    if (left === 0 || !matches(request.query)) return false;
    left -= 1;
    act(reply);
    return true;
  };
}
