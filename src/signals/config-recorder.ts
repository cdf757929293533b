import type { RbacRule } from '../core/action.ts';
import { type ConfigContent, readConfigContent } from '../core/config-version.ts';
import { describeError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { createKeyedQueue } from '../core/keyed-queue.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { ConfigHistory } from '../core/ports/config-history.ts';
import { type ResourceRef, refName } from '../core/resource-ref.ts';
import { keepPolling } from './polling.ts';
import { readAnnotations, readMetadata } from './slim/metadata.ts';
import type { TroubleBook } from './troubles.ts';

export const configHistoryRights: RbacRule = { apiGroup: '', resource: 'configmaps', verbs: ['list', 'watch'] };

export interface ConfigRecorderContext {
  readonly reader: Pick<ClusterReader, 'watch'>;
  readonly history: Pick<ConfigHistory, 'keep' | 'renew'>;
  readonly troubles: TroubleBook;
  readonly clock: Clock;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
}

/** More than this is not kept, bytes of JSON. */
const limit = 256 * 1024;
const retryMs = 1_000;
const renewMs = 24 * 3_600_000;

/** What is read of a ConfigMap: its content only where that is to be kept. */
interface Seen {
  readonly ref: ResourceRef;
  readonly keeping: 'no' | 'yes' | 'too-large';
  readonly content?: ConfigContent;
}

/** Keeps what those ConfigMaps hold that ask for it by an annotation, and nothing of the others. Resolves when `signal` aborts. */
export async function recordConfig(context: ConfigRecorderContext): Promise<void> {
  const parts = context.namespaces.length === 0 ? [undefined] : context.namespaces;
  await Promise.all(parts.map((namespace) => follow(namespace, context)));
}

async function follow(namespace: string | undefined, context: ConfigRecorderContext): Promise<void> {
  const { reader, history, troubles, clock, signal } = context;
  const source = namespace === undefined ? 'configmaps' : `configmaps ${namespace}`;
  const tellLarge = troubles.of(`history of ${source}`);
  const tellStore = troubles.of(`history of ${source} in Redis`);
  /** Those that ask for it, without what they hold. */
  const known = new Map<string, Omit<Seen, 'content'>>();
  /** One after the other, in the order in which they came; while the store is away, the last content of each waits. */
  const queue = createKeyedQueue<() => Promise<void>>(1, (write) => write());

  async function write(ref: ResourceRef, content: ConfigContent, at: number): Promise<void> {
    while (!signal.aborted) {
      try {
        await history.keep(ref, content, at);
        tellStore(undefined);
        return;
      } catch (error) {
        tellStore(describeError(error));
      }
      await new Promise<void>((resolve) => clock.schedule(clock.now() + retryMs, resolve));
    }
  }

  function note(found: readonly Seen[]): void {
    const at = clock.now();
    for (const { ref, keeping, content } of found) {
      if (keeping === 'no') known.delete(refName(ref));
      else known.set(refName(ref), { ref, keeping });
      if (content !== undefined) queue.add(refName(ref), () => write(ref, content, at));
    }
    const large = [...known.values()].filter((one) => one.keeping === 'too-large').map(({ ref }) => refName(ref));
    tellLarge(large.length === 0 ? undefined : `More than 256 KiB, so what it holds is not kept: ${large.join(', ')}.`);
  }

  const renew = (): Promise<void> => history.renew([...known.values()].map(({ ref }) => ref));
  keepPolling(renew, renewMs, { clock, signal, onTrouble: tellStore });
  await reader.watch<Seen>({
    collection: { path: namespace === undefined ? '/api/v1/configmaps' : `/api/v1/namespaces/${namespace}/configmaps` },
    slim: slimConfigMap,
    signal,
    onTrouble: troubles.of(source),
    onList(found) {
      known.clear();
      note(found);
    },
    onSeen: (one) => note([one]),
    onGone: ({ ref }) => note([{ ref, keeping: 'no' }]),
  });
}

function slimConfigMap(raw: JsonObject): Seen | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const ref = { kind: 'ConfigMap', namespace: metadata.namespace, name: metadata.name };
  if (readAnnotations(raw)['keep-history'] !== 'true') return { ref, keeping: 'no' };
  const content = readConfigContent(raw);
  const fits = Buffer.byteLength(JSON.stringify(content)) <= limit;
  return fits ? { ref, keeping: 'yes', content } : { ref, keeping: 'too-large' };
}
