import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { Log } from '../core/ports/log.ts';
import type { Observation, Signal } from '../core/signal.ts';
import type { Source } from './source.ts';

export interface WatchContext {
  readonly reader: ClusterReader;
  readonly log: Log;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  readonly emit: (signal: Signal) => void;
}

export interface Watcher {
  /** True once enough was listed to judge by: some pods, and everything else that can be listed at all. */
  ready(): boolean;
  /** True where the pods of this namespace have been listed, so that absence means gone. */
  covers(namespace: string): boolean;
  /** Stream -> what is wrong with it now. */
  troubles(): Readonly<Record<string, string>>;
  /** Resolves when every stream has stopped. */
  readonly stopped: Promise<void>;
}

interface Stream {
  readonly name: string;
  readonly path: string;
  readonly source: Source;
}

/** Watches every source, one stream for each namespace it is limited to, and emits what it sees as signals. */
export function watchSources(sources: readonly Source[], context: WatchContext): Watcher {
  const streams = sources.flatMap((source) => streamsOf(source, context.namespaces));
  const pending = new Set(streams.map((stream) => stream.name));
  const troubles = new Map<string, string>();

  async function follow(stream: Stream): Promise<void> {
    const send = (type: 'seen' | 'gone') => (observation: Observation) =>
      context.emit({ type, source: stream.name, observation });
    await context.reader.watch<Observation>({
      collection: { path: stream.path },
      slim: stream.source.slim,
      signal: context.signal,
      onSeen: send('seen'),
      onGone: send('gone'),
      onList(observations) {
        pending.delete(stream.name);
        context.emit({ type: 'listed', source: stream.name, observations });
      },
      onTrouble(problem) {
        if (problem === undefined) troubles.delete(stream.name);
        else if (troubles.get(stream.name) !== problem)
          context.log.warn('a watch is in trouble and goes on trying', { stream: stream.name, problem });
        if (problem !== undefined) troubles.set(stream.name, problem);
      },
    });
  }

  return {
    ready: () =>
      streams.some((stream) => isPods(stream) && !pending.has(stream.name)) &&
      [...pending].every((name) => troubles.has(name)),
    covers: (namespace) =>
      streams.some((stream) => isPods(stream) && !pending.has(stream.name) && reaches(stream, namespace)),
    troubles: () => Object.fromEntries(troubles),
    stopped: Promise.all(streams.map(follow)).then(() => undefined),
  };
}

function isPods({ source }: Stream): boolean {
  return source.id === 'pods';
}

function reaches({ path, source }: Stream, namespace: string): boolean {
  return path === source.path(undefined) || path === source.path(namespace);
}

function streamsOf(source: Source, namespaces: readonly string[]): Stream[] {
  const clusterWide = source.path(undefined);
  const paths =
    namespaces.length === 0 ? [clusterWide] : [...new Set(namespaces.map((namespace) => source.path(namespace)))];
  return paths.map((path) => ({
    name: path === clusterWide ? source.id : `${source.id} ${path.split('/').at(-2)}`,
    path,
    source,
  }));
}
