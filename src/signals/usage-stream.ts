import type { RbacRule } from '../core/action.ts';
import { hasCode } from '../core/errors.ts';
import { readArray, readString } from '../core/json.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { Signal } from '../core/signal.ts';
import type { UsageView } from '../core/views/usage.ts';
import { keepPolling, type PollingContext } from './polling.ts';

export interface UsageStreamContext extends PollingContext {
  readonly reader: Pick<ClusterReader, 'list'>;
  readonly emit: (signal: Signal) => void;
}

/** What it reads; a cluster without metrics-server has no such thing, and what rests on it stays silent. */
export const usageRights: RbacRule = { apiGroup: 'metrics.k8s.io', resource: 'pods', verbs: ['list'] };

const path = '/apis/metrics.k8s.io/v1beta1/pods';

/** How often it is asked, milliseconds: metrics-server itself has a new sample every 15 s by default. */
const everyMs = 30_000;

/** After this long it is asked again where there is no metrics-server, milliseconds. */
const absentMs = 120_000;

/** Samples kept: ten minutes. */
const kept = 20;

/** Emits what pods take, again and again, with what they took before. */
export function watchUsage(context: UsageStreamContext): void {
  const { reader, clock, emit, signal } = context;
  let known: ReadonlyMap<string, UsageView> = new Map();

  async function poll(): Promise<number> {
    const raw = await listOrNone(reader);
    if (raw === undefined) return absentMs;
    const usages = raw.flatMap((one) => readUsage(one, known, clock.now()));
    known = new Map(usages.map((usage) => [usage.uid, usage]));
    const observations = usages.map((object) => ({ kind: 'usage', object }) as const);
    if (!signal.aborted) emit({ type: 'listed', stream: { name: 'usage', kind: 'usage' }, observations });
    return everyMs;
  }
  keepPolling(poll, everyMs, context);
}

async function listOrNone(reader: UsageStreamContext['reader']): Promise<readonly unknown[] | undefined> {
  try {
    return await reader.list({ path });
  } catch (error) {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  }
}

function readUsage(raw: unknown, known: ReadonlyMap<string, UsageView>, now: number): UsageView[] {
  const [namespace, name] = [readString(raw, 'metadata', 'namespace'), readString(raw, 'metadata', 'name')];
  if (namespace === undefined || name === undefined) return [];
  const uid = `${namespace}/${name}`;
  const before = known.get(uid);
  const containers = readArray(raw, 'containers').flatMap((container) => {
    const own = readString(container, 'name') ?? '';
    const memory = parseQuantity(readString(container, 'usage', 'memory') ?? '');
    const former = before?.containers.find((one) => one.name === own)?.memory ?? [];
    return memory === undefined ? [] : [{ name: own, memory: [memory, ...former].slice(0, kept) }];
  });
  return [{ uid, namespace, name, createdAt: before?.createdAt ?? now, everyMs, containers }];
}
