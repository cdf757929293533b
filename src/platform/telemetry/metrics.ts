import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const prefix = 'lifeguard_';

/** What a metric is called and means. `name` comes without the prefix `lifeguard_`, in base units, as Prometheus wants it. */
interface MetricSpec<Label extends string> {
  /** `executions_total`, `watch_last_event_timestamp_seconds`. Counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** Adds to a counter; by one unless told otherwise. */
type Count<Label extends string> = (labels: Labels<Label>, by?: number) => void;
/** Sets a gauge, or puts a value into a histogram. */
type Measure<Label extends string> = (labels: Labels<Label>, value: number) => void;

/** What the watch of one collection reports; see the same-named interface of the Kubernetes adapter. */
interface WatchRecorder {
  lastSeen(collection: string, at: number): void;
  event(collection: string): void;
  relist(collection: string): void;
  restart(collection: string): void;
}

/** The process's metrics, in the Prometheus text format, all prefixed `lifeguard_`. */
export interface Telemetry {
  readonly watch: WatchRecorder;
  counter<Label extends string = never>(spec: MetricSpec<Label>): Count<Label>;
  gauge<Label extends string = never>(spec: MetricSpec<Label>): Measure<Label>;
  /** `buckets`: upper bounds in the metric's unit; default from 5 ms to 10 s. */
  histogram<Label extends string = never>(
    spec: MetricSpec<Label> & { readonly buckets?: readonly number[] },
  ): Measure<Label>;
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createTelemetry(): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix });
  const recorders = createRecorders(registry);
  return {
    ...recorders,
    watch: createWatchRecorder(recorders),
    async render() {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

type Recorders = Pick<Telemetry, 'counter' | 'gauge' | 'histogram'>;

function createRecorders(registry: Registry): Recorders {
  function common<Label extends string>({ name, help, labels = [] }: MetricSpec<Label>) {
    return { name: `${prefix}${name}`, help, labelNames: [...labels], registers: [registry] };
  }
  return {
    counter(spec) {
      const counter = new Counter(common(spec));
      return (labels, by = 1) => counter.inc(labels, by);
    },
    gauge(spec) {
      const gauge = new Gauge(common(spec));
      return (labels, value) => gauge.set(labels, value);
    },
    histogram(spec) {
      const { buckets } = spec;
      const histogram = new Histogram({ ...common(spec), ...(buckets === undefined ? {} : { buckets: [...buckets] }) });
      return (labels, value) => histogram.observe(labels, value);
    },
  };
}

function createWatchRecorder({ counter, gauge }: Recorders): WatchRecorder {
  const labels = ['collection'] as const;
  const lastSeen = gauge({
    name: 'watch_last_event_timestamp_seconds',
    help: 'When the watch of a collection last brought anything, bookmarks included.',
    labels,
  });
  const events = counter({ name: 'watch_events_total', help: 'Objects added, changed or deleted.', labels });
  const relists = counter({ name: 'watch_relists_total', help: 'Full lists read.', labels });
  const restarts = counter({ name: 'watch_restarts_total', help: 'Times a watch was opened again.', labels });
  return {
    lastSeen: (collection, at) => lastSeen({ collection }, at),
    event: (collection) => events({ collection }),
    relist: (collection) => relists({ collection }),
    restart: (collection) => restarts({ collection }),
  };
}
