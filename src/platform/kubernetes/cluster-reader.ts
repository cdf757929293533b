import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ClusterReader } from '../../core/ports/cluster-reader.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';
import { runWatch } from './watch.ts';
import { noWatchMetrics, type WatchMetrics } from './watch-metrics.ts';
import { defaultTiming, type WatchTiming } from './watch-stream.ts';

export interface ClusterReaderOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Numbers from 0 to 1, for the jitter of restarts. */
  readonly random: () => number;
  readonly metrics?: WatchMetrics;
  readonly timing?: WatchTiming;
}

export function createClusterReader(options: ClusterReaderOptions): ClusterReader {
  const tools = {
    http: options.http,
    clock: options.clock,
    random: options.random,
    metrics: options.metrics ?? noWatchMetrics,
    timing: options.timing ?? defaultTiming,
  };
  return {
    get: (path) => options.http.json({ path }),
    async list(collection) {
      let items: JsonObject[] = [];
      await readPages(options.http, {
        collection,
        onItem: (raw) => void items.push(raw),
        onRestart() {
          items = [];
        },
      });
      return items;
    },
    watch: (watch) => runWatch(watch, tools),
  };
}
