import { LifeguardError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Collection } from '../../core/ports/cluster-reader.ts';
import { failureOfStatus, parseJson } from './failures.ts';
import type { HttpClient } from './http-client.ts';
import { createLineParser } from './line-parser.ts';
import { acceptFor, selectorsOf } from './pages.ts';
import { type StallDetector, startStallDetector } from './stall.ts';

/** Milliseconds. */
export interface WatchTiming {
  /** The server is asked to end each watch after `serverMs` to twice that, at random. */
  readonly serverMs: number;
  /** How long after that a silent connection is given up. */
  readonly slackMs: number;
  /** How long a connection that has brought a bookmark may stay silent; the server sends one about every minute. */
  readonly bookmarkMs: number;
}

export const defaultTiming: WatchTiming = { serverMs: 300_000, slackMs: 30_000, bookmarkMs: 180_000 };

export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

export interface StreamRequest {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: WatchTiming;
  readonly collection: Collection;
  /** Resource version to go on from. */
  readonly version: string;
  readonly onOpen: () => void;
  readonly onEvent: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows one watch connection until the server ends it. Throws a `LifeguardError` where it breaks, falls silent, or brings an ERROR
 * event; a line that is not an event throws a `SyntaxError`.
 */
export async function followStream(request: StreamRequest): Promise<void> {
  const { http, clock, timing, signal } = request;
  const controller = new AbortController();
  function stop(): void {
    controller.abort();
  }
  const serverMs = Math.round(timing.serverMs * (1 + request.random()));
  const stall = startStallDetector(clock, serverMs + timing.slackMs, stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks = await http.stream({
      path: request.collection.path,
      query: watchQuery(request, serverMs),
      ...acceptFor(request.collection, 'PartialObjectMetadata'),
      signal: controller.signal,
    });
    request.onOpen();
    await readEvents(chunks, request, stall);
  } catch (error) {
    if (stall.stalled()) throw silent(http.server);
    throw error;
  } finally {
    stall.stop();
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function readEvents(chunks: AsyncIterable<Buffer>, request: StreamRequest, stall: StallDetector): Promise<void> {
  const parser = createLineParser((line) => {
    const event = parseEvent(line);
    if (event.type === 'ERROR') throw failureOfStatus(event.object, request.http.server, request.collection.path);
    if (event.type === 'BOOKMARK') stall.limit(request.timing.bookmarkMs);
    request.onEvent(event);
  });
  for await (const chunk of chunks) {
    stall.touch();
    parser.push(chunk);
  }
}

function watchQuery({ collection, version }: StreamRequest, serverMs: number): Record<string, string | undefined> {
  return {
    ...selectorsOf(collection),
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(Math.max(1, Math.round(serverMs / 1000))),
    resourceVersion: version === '' ? undefined : version,
  };
}

function parseEvent(line: string): WatchEvent {
  const parsed = parseJson(line);
  if (isJsonObject(parsed) && typeof parsed['type'] === 'string' && isJsonObject(parsed['object'])) {
    return { type: parsed['type'], object: parsed['object'] };
  }
  throw new SyntaxError('what it sends is not a Kubernetes watch');
}

function silent(server: string): LifeguardError {
  return new LifeguardError(`The Kubernetes API at ${server} does not answer (a watch fell silent).`, {
    code: 'cluster-unreachable',
    retry: 'transient',
  });
}
