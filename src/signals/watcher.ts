import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { Observation, Signal, Stream } from '../core/signal.ts';
import type { Source } from './source.ts';
import type { TroubleBook } from './troubles.ts';

export interface WatchContext {
  readonly reader: ClusterReader;
  /** Told what is wrong with each stream. */
  readonly troubles: TroubleBook;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  readonly emit: (signal: Signal) => void;
}

export interface Watcher {
  /** True once enough was listed to judge by: some pods, and everything else that can be listed at all. */
  ready(): boolean;
  /** Resolves when every stream has stopped. */
  readonly stopped: Promise<void>;
}

interface SourceStream extends Stream {
  readonly path: string;
  readonly source: Source;
}

/** Watches every source, one stream for each namespace it is limited to, and emits what it sees as signals. */
export function watchSources(sources: readonly Source[], context: WatchContext): Watcher {
  const streams = sources.flatMap((source) => streamsOf(source, context.namespaces));
  const pending = new Set(streams.map((stream) => stream.name));
  const isTroubled = (name: string): boolean => Object.hasOwn(context.troubles.all(), name);

  async function follow({ path, source, ...stream }: SourceStream): Promise<void> {
    const send = (type: 'seen' | 'gone') => (observation: Observation) => context.emit({ type, stream, observation });
    await context.reader.watch<Observation>({
      collection: { path, fieldSelector: source.fieldSelector, metadataOnly: source.metadataOnly },
      slim: source.slim,
      signal: context.signal,
      onSeen: send('seen'),
      onGone: send('gone'),
      onList(observations) {
        pending.delete(stream.name);
        context.emit({ type: 'listed', stream, observations });
      },
      onTrouble: context.troubles.of(stream.name),
      ...(source.optional ? { onAbsent: () => void pending.delete(stream.name) } : {}),
    });
  }

  return {
    ready: () =>
      streams.some(({ kind, name }) => kind === 'pod' && !pending.has(name)) && [...pending].every(isTroubled),
    stopped: Promise.all(streams.map(follow)).then(() => undefined),
  };
}

function streamsOf(source: Source, namespaces: readonly string[]): SourceStream[] {
  const { id, kind } = source;
  const whole = source.path(undefined);
  const parts = namespaces.filter((namespace) => source.path(namespace) !== whole);
  if (parts.length === 0) return [{ name: id, kind, path: whole, source }];
  return parts.map((namespace) => ({
    name: `${id} ${namespace}`,
    kind,
    namespace,
    path: source.path(namespace),
    source,
  }));
}
