import type { RbacRule } from '../core/action.ts';
import { type ConfigContent, readConfigContent } from '../core/config-version.ts';
import { describeError, hasCode } from '../core/errors.ts';
import { createKeyedQueue } from '../core/keyed-queue.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { ConfigHistory } from '../core/ports/config-history.ts';
import { type ResourceRef, refName } from '../core/resource-ref.ts';
import type { Observation, Signal } from '../core/signal.ts';
import { keepPolling } from './polling.ts';
import { asksForHistory } from './slim/config-map.ts';
import type { TroubleBook } from './troubles.ts';

export const configHistoryRights: RbacRule = { apiGroup: '', resource: 'configmaps', verbs: ['get'] };

export interface ConfigRecorderContext {
  readonly reader: Pick<ClusterReader, 'get'>;
  readonly history: Pick<ConfigHistory, 'keep' | 'renew'>;
  readonly troubles: TroubleBook;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** More than this is not kept, bytes of JSON. */
const limit = 256 * 1024;
const retryMs = 1_000;
const renewMs = 24 * 3_600_000;

/** One that asks for it. */
interface Known {
  readonly ref: ResourceRef;
  readonly isLarge: boolean;
}

/** Keeps what those ConfigMaps hold that ask for it by an annotation. What the others hold is not read. */
export function createConfigRecorder(context: ConfigRecorderContext): { accept(signal: Signal): void } {
  const { history, troubles, clock, signal } = context;
  const tellLarge = troubles.of('history of configmaps');
  const tellReading = troubles.of('history of configmaps');
  const tellStore = troubles.of('history of configmaps in Redis');
  const known = new Map<string, Known>();
  /** One after the other, in the order in which they came; while one waits for the store, the last change of each of the others does. */
  const queue = createKeyedQueue<() => Promise<void>>(1, (record) => record());

  /** Tries until it works; undefined where `signal` aborts before. */
  async function persist<T>(
    work: () => Promise<T>,
    tell: (problem: string | undefined) => void,
  ): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        const result = await work();
        tell(undefined);
        return result;
      } catch (error) {
        tell(describeError(error));
      }
      await new Promise<void>((resolve) => clock.schedule(clock.now() + retryMs, resolve));
    }
    return undefined;
  }

  async function record(ref: ResourceRef, at: number): Promise<void> {
    const content = await persist(() => readMarked(ref, context), tellReading);
    if (content === undefined) return;
    const isLarge = Buffer.byteLength(JSON.stringify(content)) > limit;
    if (known.has(refName(ref))) known.set(refName(ref), { ref, isLarge });
    tellSizes();
    if (!isLarge) await persist(() => history.keep(ref, content, at), tellStore);
  }

  const tellSizes = (): void => tellLarge(describeLarge([...known.values()]));

  function see(observation: Observation): void {
    if (observation.kind !== 'configMap') return;
    const ref = refOf(observation);
    if (observation.object.asksForHistory !== true) return forget(refName(ref));
    const at = clock.now();
    known.set(refName(ref), { isLarge: false, ...known.get(refName(ref)), ref });
    queue.add(refName(ref), () => record(ref, at));
  }

  function forget(name: string): void {
    if (known.delete(name)) tellSizes();
  }

  const renew = (): Promise<void> => history.renew([...known.values()].map(({ ref }) => ref));
  keepPolling(renew, renewMs, { clock, signal, onTrouble: tellStore });
  return {
    accept(seen) {
      const { type, stream } = seen;
      if (stream.kind !== 'configMap') return;
      if (type === 'gone') return forget(refName(refOf(seen.observation)));
      if (type === 'seen') return see(seen.observation);
      const present = new Set(seen.observations.map((one) => refName(refOf(one))));
      const isMissing = ({ ref }: Known): boolean =>
        (stream.namespace ?? ref.namespace) === ref.namespace && !present.has(refName(ref));
      for (const [name, one] of known) if (isMissing(one)) forget(name);
      for (const one of seen.observations) see(one);
    },
  };
}

function refOf({ object: { namespace, name } }: Observation): ResourceRef {
  return { kind: 'ConfigMap', namespace, name };
}

function describeLarge(known: readonly Known[]): string | undefined {
  const large = known.filter(({ isLarge }) => isLarge).map(({ ref }) => refName(ref));
  return large.length === 0 ? undefined : `More than 256 KiB, so what it holds is not kept: ${large.join(', ')}.`;
}

/** What it holds; undefined where it is gone, or no longer asks that it be kept. */
async function readMarked(
  { namespace, name }: ResourceRef,
  { reader }: ConfigRecorderContext,
): Promise<ConfigContent | undefined> {
  try {
    const raw = await reader.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
    return asksForHistory(raw) ? readConfigContent(raw) : undefined;
  } catch (error) {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  }
}
