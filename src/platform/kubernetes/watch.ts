import { hasCode, type LifeguardError } from '../../core/errors.ts';
import { readString } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { WatchOptions } from '../../core/ports/cluster-reader.ts';
import { pause } from '../pause.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { createCallbacks, type WatchCallbacks } from './callbacks.ts';
import { answeredStatus, failureOfConnection } from './failures.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';
import type { WatchMetrics } from './watch-metrics.ts';
import { followStream, type WatchEvent, type WatchTiming } from './watch-stream.ts';

export interface WatchTools {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Numbers from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly metrics: WatchMetrics;
  readonly timing: WatchTiming;
}

/** A connection that stays open this long works; one that ends sooner and brought nothing is waited for as long. */
const healthyAfterMs = 1_000;
/** So many failures in a row, and something is wrong that a person should hear of, or with the version we go on from. */
const suspiciousAfter = 5;

/** Lists, then watches, from failure to failure, until `options.signal` aborts. Never throws. */
export async function runWatch<T>(options: WatchOptions<T>, tools: WatchTools): Promise<void> {
  const watch: Watch<T> = {
    options,
    tools,
    callbacks: createCallbacks(options),
    backOff: createBackOff(tools.random),
    version: undefined,
  };
  while (!options.signal.aborted) {
    const delay = await attempt(watch);
    await pause(tools.clock, delay, options.signal);
    if (!options.signal.aborted) tools.metrics.restart(options.collection.path);
  }
}

interface Watch<T> {
  readonly options: WatchOptions<T>;
  readonly tools: WatchTools;
  readonly callbacks: WatchCallbacks<T>;
  readonly backOff: BackOff;
  /** Where to go on; undefined asks for a full list. */
  version: string | undefined;
}

/** Lists where needed and follows one connection to its end. Answers how many milliseconds to wait before the next. */
async function attempt<T>(watch: Watch<T>): Promise<number> {
  try {
    watch.version ??= await relist(watch);
    if (await follow(watch)) return 0;
    return endedAtOnce(watch);
  } catch (error) {
    if (watch.options.signal.aborted) return 0;
    return failed(watch, error);
  }
}

async function relist<T>({ options, tools, callbacks }: Watch<T>): Promise<string> {
  let items: T[] = [];
  const version = await readPages(tools.http, {
    collection: options.collection,
    signal: options.signal,
    onItem(raw) {
      const item = callbacks.slim(raw);
      if (item !== undefined) items.push(item);
    },
    onRestart() {
      items = [];
    },
  });
  tools.metrics.relist(options.collection.path);
  tools.metrics.lastSeen(options.collection.path, tools.clock.now() / 1000);
  callbacks.list(items);
  return version;
}

/** True where the connection worked: it brought something, or stayed open for a while. */
async function follow<T>(watch: Watch<T>): Promise<boolean> {
  const { options, tools, callbacks, backOff } = watch;
  let healthy = false;
  let cancel: (() => void) | undefined;
  function works(): void {
    healthy = true;
    backOff.succeeded();
    callbacks.trouble(undefined);
  }
  try {
    await followStream({
      ...tools,
      collection: options.collection,
      signal: options.signal,
      version: watch.version ?? '',
      onOpen() {
        cancel = tools.clock.schedule(tools.clock.now() + healthyAfterMs, works);
      },
      onEvent(event) {
        if (options.signal.aborted) return;
        const handled = apply(watch, event);
        healthy = true;
        if (handled) works();
      },
    });
    return healthy;
  } finally {
    cancel?.();
  }
}

/** False where a handler failed. */
function apply<T>(watch: Watch<T>, { type, object }: WatchEvent): boolean {
  const { callbacks, tools, options } = watch;
  watch.version = readString(object, 'metadata', 'resourceVersion') ?? watch.version;
  tools.metrics.lastSeen(options.collection.path, tools.clock.now() / 1000);
  if (type === 'BOOKMARK') return true;
  tools.metrics.event(options.collection.path);
  const item = callbacks.slim(object);
  if (item === undefined) return true;
  return type === 'DELETED' ? callbacks.gone(item) : callbacks.seen(item);
}

function endedAtOnce<T>({ options, tools, callbacks, backOff }: Watch<T>): number {
  const delay = Math.min(healthyAfterMs, backOff.failed());
  if (backOff.failures >= suspiciousAfter) {
    callbacks.trouble(
      `The Kubernetes API at ${tools.http.server} ends every watch of ${options.collection.path} at once; retrying.`,
    );
  }
  return delay;
}

function failed<T>(watch: Watch<T>, error: unknown): number {
  if (error instanceof SyntaxError || error instanceof RangeError) watch.version = undefined;
  const failure = failureOfConnection(error, watch.tools.http.server);
  const delay = watch.backOff.failed(failure.retryAfterMs);
  if (isVersionTheReason(failure, watch.backOff.failures)) watch.version = undefined;
  if (hasCode(failure, 'cluster-not-found') && watch.options.onAbsent !== undefined) {
    watch.options.onAbsent();
    return delay;
  }
  // A list that grew too old is everyday business, not a trouble.
  if (!hasCode(failure, 'cluster-expired')) {
    watch.callbacks.trouble(`${failure.message.replace(/\.$/, '')}; retrying.`);
  }
  return delay;
}

/** The server says so, or it answers the same request with errors again and again. */
function isVersionTheReason(failure: LifeguardError, failures: number): boolean {
  if (hasCode(failure, 'cluster-expired') || hasCode(failure, 'cluster-rejected')) return true;
  return failures >= suspiciousAfter && (answeredStatus(failure) ?? 0) >= 500;
}
