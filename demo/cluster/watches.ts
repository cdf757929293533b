import type { ServerResponse } from 'node:http';
import { statusBody } from './failure.ts';
import { parseVersion } from './list-options.ts';
import type { KubeObject } from './objects.ts';
import { type Form, matcherOf } from './reads.ts';
import type { Target } from './request.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import type { Matcher } from './selectors.ts';
import type { Change, Store } from './store.ts';
import { type ChangeType, partialMeta, type Stored } from './stored.ts';

/** What a watch is to bring. */
export interface Watching {
  readonly watch: Target;
  readonly form: Form;
}

/** Watch connections. */
export interface Watches {
  open(watching: Watching, query: URLSearchParams, response: ServerResponse): void;
  /** Breaks the TCP connections of all watches. */
  reset(): void;
  close(): void;
}

interface Watcher {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly matches: Matcher | undefined;
  readonly form: Form;
  send(line: Buffer): void;
  reset(): void;
  end(): void;
}

export interface WatchTiming {
  /** Milliseconds between bookmarks. */
  readonly bookmarkMs: number;
}

/** A reader that falls behind this far is cut off, as the API server does. */
const mostUnsentBytes = 64 * 1024 * 1024;

export function createWatches(store: Store, { bookmarkMs }: WatchTiming): Watches {
  const watchers = new Map<Resource, Set<Watcher>>();

  store.onChange((change) => {
    for (const watcher of watchers.get(change.resource) ?? []) offer(watcher, change);
  });

  function all(): readonly Watcher[] {
    return [...watchers.values()].flatMap((group) => [...group]);
  }

  function register(watcher: Watcher, response: ServerResponse): void {
    const group = watchers.get(watcher.resource) ?? new Set<Watcher>();
    watchers.set(watcher.resource, group.add(watcher));
    response.on('close', () => group.delete(watcher));
  }

  function startBookmarks(watcher: Watcher, query: URLSearchParams, response: ServerResponse): void {
    const wanted = wantsBookmarks(query);
    const seconds = Number(query.get('timeoutSeconds') ?? 0);
    function bookmark(): void {
      if (wanted) watcher.send(bookmarkLine(watcher, store.version()));
    }
    const timers = [setInterval(bookmark, bookmarkMs)];
    if (seconds > 0) timers.push(setTimeout(() => watcher.end(), seconds * 1000));
    response.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
    });
  }

  /** Sends what is there. */
  function sendAll(watcher: Watcher, query: URLSearchParams): void {
    for (const stored of store.list(watcher.resource, watcher.namespace)) {
      if (watcher.matches?.(stored.object) !== false) watcher.send(lineOf(watcher, 'ADDED', stored));
    }
    if (wantsBookmarks(query)) watcher.send(bookmarkLine(watcher, store.version(), true));
  }

  /** Sends what is there or what has happened since; false where that is forgotten. */
  function catchUp(watcher: Watcher, query: URLSearchParams, from: number): boolean {
    if (query.get('sendInitialEvents') === 'true' || from === 0) {
      sendAll(watcher, query);
      return true;
    }
    const changes = store.since(watcher.resource, from);
    for (const change of changes ?? []) offer(watcher, change);
    return changes !== undefined;
  }

  return {
    open({ watch: target, form }, query, response) {
      const matches = matcherOf(target, query);
      const from = parseVersion(query) ?? 0;
      const { resource, namespace } = target;
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
      response.flushHeaders();
      const watcher = { resource, namespace, matches, form, ...createOutlet(response) };
      if (!catchUp(watcher, query, from)) {
        watcher.send(tooOldLine(from, store.version()));
        watcher.end();
        return;
      }
      register(watcher, response);
      startBookmarks(watcher, query, response);
    },
    reset: () => all().forEach((watcher) => watcher.reset()),
    close: () => all().forEach((watcher) => watcher.end()),
  };
}

function wantsBookmarks(query: URLSearchParams): boolean {
  return query.get('allowWatchBookmarks') === 'true';
}

/** Lines of one turn of the event loop leave together. */
function createOutlet(response: ServerResponse): Pick<Watcher, 'send' | 'reset' | 'end'> {
  let waiting: Buffer[] = [];
  function flush(): void {
    if (waiting.length === 0 || response.writableEnded || response.destroyed) return;
    const lines = waiting;
    waiting = [];
    response.write(lines.length === 1 ? lines[0] : Buffer.concat(lines));
    if (response.writableLength > mostUnsentBytes) response.destroy();
  }
  return {
    send(line) {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(line);
    },
    reset: () => void response.destroy(),
    end() {
      flush();
      response.end();
    },
  };
}

function offer(watcher: Watcher, change: Change): void {
  if (watcher.namespace !== undefined && change.stored.object.metadata.namespace !== watcher.namespace) return;
  const type = seenAs(watcher.matches, change);
  if (type !== undefined) watcher.send(lineOf(watcher, type, change.stored));
}

function lineOf({ form }: Watcher, type: ChangeType, stored: Stored): Buffer {
  if (form === 'whole') return stored.line(type);
  return Buffer.from(`{"type":"${type}","object":${stored.metadataText()}}\n`);
}

/** An object that comes to match a selector is added, one that ceases to is deleted. */
function seenAs(matches: Matcher | undefined, { type, stored, before }: Change): ChangeType | undefined {
  if (matches === undefined) return type;
  const was = isMatch(matches, before?.object);
  const is = type !== 'DELETED' && matches(stored.object);
  if (was) return is ? 'MODIFIED' : 'DELETED';
  return is ? 'ADDED' : undefined;
}

function isMatch(matches: Matcher, object: KubeObject | undefined): boolean {
  return object !== undefined && matches(object);
}

function bookmarkLine({ resource, form }: Watcher, version: number, isInitialEnd = false): Buffer {
  const annotations = isInitialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: String(version), ...annotations };
  const whole = { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  const object = { ...(form === 'whole' ? whole : partialMeta), metadata };
  return Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
}

function tooOldLine(asked: number, now: number): Buffer {
  const message = `too old resource version: ${asked} (${now})`;
  return Buffer.from(
    `${JSON.stringify({ type: 'ERROR', object: statusBody({ code: 410, reason: 'Expired', message }) })}\n`,
  );
}
