import type { Handler, Received, Reply, Stream } from './fake-api.ts';
import { status } from './fake-api.ts';

interface StoredPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly text: string;
}

interface Change {
  readonly version: number;
  readonly type: string;
  readonly object: StoredPod;
}

/** A collection `/api/v1/pods` that lists in pages and replays its history to watches, as the API server does. */
export interface PodStore {
  readonly handle: Handler;
  put(name: string, text: string): void;
  remove(name: string): void;
  /** Sends the present version to every watch. */
  bookmark(): void;
  /** Other collections change: the version moves on without an event here. */
  advance(): void;
  /** Forgets the history: watches from older versions get 410. */
  compact(): void;
  /** Calls back with the stream of every watch. */
  onWatch(callback: (stream: Stream, request: Received) => void): void;
  /** name -> text */
  contents(): Readonly<Record<string, string>>;
  readonly version: number;
}

/** Takes a request over where it answers true. */
export type Fault = (request: Received, reply: Reply) => boolean;

export function createPodStore(fault: Fault = () => false): PodStore {
  const pods = new Map<string, StoredPod>();
  const watches = new Set<Stream>();
  let changes: Change[] = [];
  let version = 100;
  let oldest = 0;
  let watchCallback: ((stream: Stream, request: Received) => void) | undefined;

  function change(type: string, name: string, text: string): void {
    version += 1;
    const object = { metadata: { name, uid: `uid-${name}`, resourceVersion: String(version) }, text };
    if (type === 'DELETED') pods.delete(name);
    else pods.set(name, object);
    changes.push({ version, type, object });
    for (const watch of watches) watch.event(type, object);
  }

  function list(request: Received, reply: Reply): void {
    const limit = Number(request.query.get('limit') ?? '0');
    const [listed = String(version), start = '0'] = (request.query.get('continue') ?? '').split(':').filter(Boolean);
    const all = [...pods.values()];
    const end = limit === 0 ? all.length : Number(start) + limit;
    const next = end < all.length ? { continue: `${listed}:${end}` } : {};
    reply.json(200, { metadata: { resourceVersion: listed, ...next }, items: all.slice(Number(start), end) });
  }

  function watch(request: Received, reply: Reply): void {
    const from = Number(request.query.get('resourceVersion'));
    if (from < oldest) {
      reply.json(410, status(410, 'Expired', `too old resource version: ${from} (${oldest})`));
      return;
    }
    const stream = reply.stream();
    for (const { type, object } of changes.filter((candidate) => candidate.version > from)) stream.event(type, object);
    watches.add(stream);
    stream.closed.addEventListener('abort', () => watches.delete(stream));
    watchCallback?.(stream, request);
  }

  return {
    handle(request, reply) {
      if (fault(request, reply)) return;
      if (request.query.get('watch') === null) list(request, reply);
      else watch(request, reply);
    },
    put: (name, text) => change(pods.has(name) ? 'MODIFIED' : 'ADDED', name, text),
    remove: (name) => change('DELETED', name, ''),
    bookmark() {
      for (const stream of watches) stream.event('BOOKMARK', { metadata: { resourceVersion: String(version) } });
    },
    advance() {
      version += 10;
    },
    compact() {
      changes = [];
      oldest = version;
    },
    onWatch(callback) {
      watchCallback = callback;
    },
    contents: () => Object.fromEntries([...pods.values()].map((pod) => [pod.metadata.name, pod.text])),
    get version() {
      return version;
    },
  };
}
