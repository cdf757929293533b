import { hasCode, LifeguardError } from '../../core/errors.ts';
import type { LogLine, LogOrigin } from '../../core/log-record.ts';
import type { HttpClient } from './http-client.ts';
import { splitLines } from './line-parser.ts';

/** A line with its time as the runtime wrote it, down to the nanosecond: what tells it from its neighbours. */
export interface StampedLine extends LogLine {
  readonly stamp: string;
}

export interface LogRead {
  readonly origin: LogOrigin;
  /** The run of the container before the present one. */
  readonly previous: boolean;
  /** Goes on while the run does. */
  readonly follow: boolean;
  /** Epoch milliseconds; the API server takes only its whole seconds (1.35). */
  readonly since: number;
  /** How many of the last lines; absent: all. */
  readonly tail?: number;
  /** Lines of one chunk, oldest first; never none. */
  readonly onLines: (lines: readonly StampedLine[]) => void;
  /** It answers; some lines may never come. */
  readonly onOpen?: () => void;
  /** Bytes have come. */
  readonly onBytes?: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Bytes of a line; the rest of a longer one is left out. The runtime itself writes pieces of 16 KiB, which the kubelet joins. */
const longestLine = 64 * 1024;

/** `2026-11-29T23:05:06.610322455Z ` */
const stampPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;

/**
 * Reads one run of a container to its end. A chunk is handled before the next is read, so that a log that grows faster than it is read waits in
 * the kubelet. Bytes that are no UTF-8 become U+FFFD. Fails as `HttpClient` does.
 */
export async function readLog(http: HttpClient, read: LogRead): Promise<void> {
  const chunks = await http.stream({
    path: logPath(read.origin),
    query: logQuery(read),
    signal: read.signal,
    lane: 'logs',
  });
  read.onOpen?.();
  let lines: StampedLine[] = [];
  function onLine(line: Buffer): void {
    const parsed = parseLine(line.toString('utf8'));
    if (parsed !== undefined) lines.push(parsed);
  }
  function flush(): void {
    if (lines.length > 0) read.onLines(lines);
    lines = [];
  }
  const splitter = splitLines({ longest: longestLine, onLine });
  for await (const chunk of chunks) {
    read.onBytes?.(chunk.length);
    splitter.push(chunk);
    flush();
  }
  // The last line of a program that crashed may lack its end.
  splitter.push(Buffer.from('\n'));
  flush();
}

/** No log yet or any more: the pod is gone, its container has not started, or there was no run before this one. */
export function isNoLog(error: unknown): boolean {
  if (hasCode(error, 'cluster-not-found')) return true;
  if (!(error instanceof LifeguardError) || error.code !== 'cluster-rejected') return false;
  return /previous terminated container .* not found|is waiting to start|is not available/.test(error.message);
}

export function logPath({ namespace, pod }: Pick<LogOrigin, 'namespace' | 'pod'>): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
}

function logQuery({ origin, previous, follow, since, tail }: LogRead): Record<string, string | undefined> {
  return {
    container: origin.container,
    timestamps: 'true',
    sinceTime: new Date(Math.max(0, since)).toISOString(),
    previous: previous ? 'true' : undefined,
    follow: follow ? 'true' : undefined,
    tailLines: tail === undefined ? undefined : String(tail),
  };
}

/** Undefined for what the kubelet says about a log instead of the log: it has no time. */
function parseLine(line: string): StampedLine | undefined {
  const stamp = stampPattern.exec(line)?.[1];
  if (stamp === undefined) return undefined;
  const text = line.slice(stamp.length + 1);
  return { at: Date.parse(stamp), stamp, text: text.endsWith('\r') ? text.slice(0, -1) : text };
}
