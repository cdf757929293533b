import type { Metrics, Sample } from '../core/ports/metrics.ts';
import type { Signal } from '../core/signal.ts';
import type { RoomView, VolumeUsageView } from '../core/views/volume-usage.ts';
import { keepPolling, type PollingContext } from './polling.ts';

export interface VolumeStreamContext extends PollingContext {
  readonly metrics: Pick<Metrics, 'query'>;
  readonly emit: (signal: Signal) => void;
}

/** How often Prometheus is asked, milliseconds: kubelets measure volumes once a minute. */
const everyMs = 60_000;

/** Over how long the growth is taken; what the alerts of kubernetes-mixin look back. */
const trend = '6h';

/** The kubelet's metrics of volumes (k8s.io/kubernetes pkg/kubelet/metrics/collectors/volume_stats.go), and how fast what is left goes. */
const queries = {
  bytes: {
    capacity: 'kubelet_volume_stats_capacity_bytes',
    available: 'kubelet_volume_stats_available_bytes',
    trend: `deriv(kubelet_volume_stats_available_bytes[${trend}])`,
  },
  inodes: {
    capacity: 'kubelet_volume_stats_inodes',
    available: 'kubelet_volume_stats_inodes_free',
    trend: `deriv(kubelet_volume_stats_inodes_free[${trend}])`,
  },
} as const;

/** Emits how full volumes are, as Prometheus knows it. Where it does not answer, what was known stays: no data is no relief. */
export function watchVolumes(context: VolumeStreamContext): void {
  const { metrics, clock, emit, signal } = context;
  async function poll(): Promise<void> {
    const [bytes, inodes] = [await readRooms(metrics, queries.bytes), await readRooms(metrics, queries.inodes)];
    const observations = [...bytes].map(([key, room]) => {
      const object = usageOf(key, { bytes: room, inodes: inodes.get(key), at: clock.now() });
      return { kind: 'volumeUsage', object } as const;
    });
    if (!signal.aborted) emit({ type: 'listed', stream: { name: 'volumes', kind: 'volumeUsage' }, observations });
  }
  keepPolling(poll, everyMs, context);
}

type Queries = (typeof queries)[keyof typeof queries];

/** By `namespace/claim`. */
async function readRooms(metrics: Pick<Metrics, 'query'>, asked: Queries): Promise<ReadonlyMap<string, RoomView>> {
  const [capacity, available, slopes] = await Promise.all([
    metrics.query(asked.capacity).then(byClaim),
    metrics.query(asked.available).then(byClaim),
    metrics.query(asked.trend).then(byClaim),
  ]);
  const rooms = [...capacity].flatMap(([key, whole]): [string, RoomView][] => {
    const left = available.get(key);
    if (left === undefined || whole <= 0) return [];
    const slope = slopes.get(key);
    const room = { capacity: whole, available: left };
    return [[key, slope === undefined ? room : { ...room, shrinking: -slope }]];
  });
  return new Map(rooms);
}

/** A volume that several nodes mount is measured by each: the last one counts. */
function byClaim(samples: readonly Sample[]): ReadonlyMap<string, number> {
  const values = samples.flatMap(({ labels: { namespace = '', persistentvolumeclaim = '' }, value }) =>
    persistentvolumeclaim === '' || !Number.isFinite(value)
      ? []
      : [[`${namespace}/${persistentvolumeclaim}`, value] as const],
  );
  return new Map(values);
}

interface Rooms {
  readonly bytes: RoomView;
  readonly inodes: RoomView | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

function usageOf(key: string, { bytes, inodes, at }: Rooms): VolumeUsageView {
  const [namespace = '', name = ''] = key.split('/');
  return { uid: key, namespace, name, createdAt: at, bytes, ...(inodes === undefined ? {} : { inodes }) };
}
