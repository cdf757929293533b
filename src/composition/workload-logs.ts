import { createLogDigest, keptBuckets } from '../analysis/logs/digest.ts';
import { endedBefore, latestEnd } from '../core/container-runs.ts';
import { describeError } from '../core/errors.ts';
import { originKey } from '../core/log-record.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LogQuery, LogSource, ReadLine } from '../core/ports/log-source.ts';
import type { Observer } from '../core/ports/observer.ts';
import type { PodLogs } from '../core/ports/pod-logs.ts';
import type { LogWish, WorkloadLog, WorkloadLogs } from '../core/ports/workload-logs.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { LogsView } from '../core/views/logs.ts';
import type { PodView } from '../core/views/pod.ts';

interface WorkloadLogsContext {
  readonly observer: Pick<Observer, 'observe'>;
  /** Asked in this order until one knows something. */
  readonly sources: readonly LogSource[];
  /** The runs of containers that have ended; only the kubelet has them. */
  readonly previous: PodLogs;
  readonly clock: Clock;
}

/** Pods of a workload that are read, those that are not ready first. */
const mostPods = 5;

/** Lines for people, and lines that patterns are made of. */
const limits = { read: 2_000, patterns: 10_000 } as const;

const bucketMs = 30_000;

/** A record is complete when nothing follows it for so long, milliseconds. */
const patienceMs = 10_000;

/** Reads the logs of whatever has pods; see `WorkloadLogs`. */
export function createWorkloadLogs({ observer, sources, previous, clock }: WorkloadLogsContext): WorkloadLogs {
  async function podsOf(ref: ResourceRef): Promise<readonly PodView[]> {
    const view = await observer.observe(ref);
    return view.podsOf(ref).toSorted((a, b) => Number(a.ready) - Number(b.ready) || b.createdAt - a.createdAt);
  }

  async function readSources(
    ref: ResourceRef,
    wish: Omit<LogWish, 'previous'> & { readonly limit: number },
    signal?: AbortSignal,
  ) {
    const pods = await podsOf(ref);
    const chosen = pods.slice(0, mostPods);
    const to = clock.now();
    const query = {
      namespace: ref.namespace,
      pods: chosen.map(({ name }) => name),
      from: to - wish.backMs,
      to,
      limit: wish.limit,
      ...(wish.contains === undefined ? {} : { contains: wish.contains }),
    };
    const found =
      chosen.length === 0 ? { lines: [], source: sources[0]?.id ?? 'pods' } : await readFirst(query, sources, signal);
    const heard = new Set(found.lines.map(({ pod }) => pod));
    const silent = chosen.filter(({ name }) => !heard.has(name));
    return { ...found, read: chosen.length - (await countLost(ref, silent)), pods: pods.length };
  }

  /** How many of these pods, of which nothing was read, are gone or going by now, or may be: that is no silence. */
  async function countLost(ref: ResourceRef, silent: readonly PodView[]): Promise<number> {
    if (silent.length === 0) return 0;
    const present = await podsOf(ref).catch(() => []);
    const staying = present.filter(({ deletion }) => deletion === undefined);
    return silent.filter(({ uid }) => !staying.some((pod) => pod.uid === uid)).length;
  }

  async function readPrevious(
    ref: ResourceRef,
    contains: string | undefined,
    signal?: AbortSignal,
  ): Promise<WorkloadLog> {
    const pods = await podsOf(ref);
    const chosen = pods.slice(0, mostPods);
    const lines = await Promise.all(chosen.map((pod) => readRuns(pod, previous, signal)));
    const wanted = contains?.toLowerCase() ?? '';
    const found = lines.flat().filter(({ text }) => text.toLowerCase().includes(wanted));
    return { lines: found, source: 'pods', read: chosen.length, pods: pods.length };
  }

  return {
    read: (ref, wish, signal) =>
      wish.previous
        ? readPrevious(ref, wish.contains, signal)
        : readSources(ref, { ...wish, limit: limits.read }, signal),
    async patterns(ref, backMs, signal) {
      const { lines, ...found } = await readSources(ref, { backMs, limit: limits.patterns }, signal);
      return { ...found, logs: digestLines(ref, lines, { now: clock.now(), backMs }) };
    },
  };
}

/** One source that does not answer does not hide what another knows, but is told of. Where none knows anything, the last failure is told. */
async function readFirst(
  query: LogQuery,
  sources: readonly LogSource[],
  signal?: AbortSignal,
): Promise<Pick<WorkloadLog, 'lines' | 'source' | 'unanswered'>> {
  let failure: unknown;
  for (const source of sources) {
    try {
      const lines = await source.read(query, signal);
      const unanswered = failure === undefined ? {} : { unanswered: describeError(failure) };
      if (lines.length > 0 || source === sources.at(-1)) return { lines, source: source.id, ...unanswered };
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

/** Of each container the newest run that ended. The lines have no times here: they are dated by when it did. */
async function readRuns(pod: PodView, logs: PodLogs, signal?: AbortSignal): Promise<readonly ReadLine[]> {
  const runs = pod.containers.map(async (container) => {
    const end = latestEnd(container);
    if (end === undefined) return [];
    const origin = { namespace: pod.namespace, pod: pod.name, container: container.name };
    const lines = await logs.read({ ...origin, previous: endedBefore(container), tail: limits.read }, signal);
    return lines.map((text) => ({ ...origin, at: end.finishedAt, text }));
  });
  return (await Promise.all(runs)).flat();
}

function digestLines(
  ref: ResourceRef,
  lines: readonly ReadLine[],
  { now, backMs }: { readonly now: number; readonly backMs: number },
): LogsView {
  const size = Math.max(bucketMs, Math.ceil(backMs / keptBuckets));
  const digest = createLogDigest({ regarding: ref, since: now - backMs, bucketMs: size });
  for (const own of Map.groupBy(lines, originKey).values()) {
    const [first] = own;
    if (first !== undefined) digest.push(first, own);
  }
  return digest.view(now + patienceMs);
}
