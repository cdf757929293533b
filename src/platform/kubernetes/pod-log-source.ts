import { stripVTControlCharacters } from 'node:util';
import { LifeguardError } from '../../core/errors.ts';
import { readArray, readString } from '../../core/json.ts';
import type { LogLine, LogOrigin } from '../../core/log-record.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LogQuery, LogSource, ReadLine } from '../../core/ports/log-source.ts';
import { chooseLines, redactLines } from '../../core/read-lines.ts';
import { failureOfConnection } from './failures.ts';
import type { HttpClient } from './http-client.ts';
import { isNoLog, readLog, type StampedLine } from './log-stream.ts';

export interface PodLogSourceOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Lines of a container that are looked through at most, where not simply the last are wanted. */
const mostSearched = 50_000;

/** Bytes of one log; a larger one is read again with fewer of the last lines. */
const largestLog = 16 * 2 ** 20;

/** People wait for it, milliseconds. */
const timeoutMs = 20_000;

/** The logs that the kubelet still has: of the present run and the one before, of pods that are there. */
export function createPodLogSource(options: PodLogSourceOptions): LogSource {
  return {
    id: 'pods',
    async read(query, signal) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const reading = {
        ...options,
        query,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      };
      try {
        const pods = await Promise.all(query.pods.map((pod) => readPod(reading, pod)));
        return chooseLines(pods.flat(), query);
      } catch (error) {
        signal?.throwIfAborted();
        throw failureOf(deadline.aborted ? deadline.reason : error, options.http.server);
      }
    },
  };
}

interface Reading extends PodLogSourceOptions {
  readonly query: LogQuery;
  readonly signal: AbortSignal;
}

/** Its containers one after the other. */
async function readPod(reading: Reading, pod: string): Promise<readonly ReadLine[]> {
  const found: ReadLine[] = [];
  for (const container of await containersOf(reading, pod)) {
    const origin = { namespace: reading.query.namespace, pod, container };
    const raw = joinRuns(await readRun(reading, origin, true), await readRun(reading, origin, false));
    const bare = raw.map(({ at, text }) => ({ ...origin, at, text: stripVTControlCharacters(text) }));
    found.push(...redactLines(bare, reading.redact));
  }
  return found;
}

/** None of a pod that is gone. Asks for a list, because that is a right which watching needs anyway. */
async function containersOf({ http, query, signal }: Reading, pod: string): Promise<readonly string[]> {
  if (query.container !== undefined) return [query.container];
  const path = `/api/v1/namespaces/${encodeURIComponent(query.namespace)}/pods`;
  const list = await http.json({ path, query: { fieldSelector: `metadata.name=${pod}` }, signal });
  const kinds = ['initContainers', 'containers', 'ephemeralContainers'];
  const all = kinds.flatMap((kind) => readArray(list, 'items').flatMap((raw) => readArray(raw, 'spec', kind)));
  return all.flatMap((one) => readString(one, 'name') ?? []);
}

/** While a container waits for its restart, its present run and the one before are the same to the kubelet (1.35). */
function joinRuns(before: readonly StampedLine[], present: readonly StampedLine[]): readonly StampedLine[] {
  return before.at(-1)?.stamp === present.at(-1)?.stamp ? present : [...before, ...present];
}

/** The newest lines that may be wanted of one run. */
async function readRun(reading: Reading, origin: LogOrigin, previous: boolean): Promise<readonly StampedLine[]> {
  const { query, clock } = reading;
  const isLast = query.contains === undefined && query.to >= clock.now();
  for (let tail = isLast ? query.limit : mostSearched; ; tail = Math.ceil(tail / 4)) {
    const lines = await readTail(reading, origin, { previous, tail });
    if (lines !== undefined) return lines;
  }
}

/** Undefined where so many lines are more than fits; a single one always does. */
async function readTail(
  { http, query, signal }: Reading,
  origin: LogOrigin,
  { previous, tail }: { readonly previous: boolean; readonly tail: number },
): Promise<readonly StampedLine[] | undefined> {
  const enough = new AbortController();
  const found: StampedLine[] = [];
  let size = 0;
  try {
    await readLog(http, {
      origin,
      previous,
      tail,
      follow: false,
      since: query.from,
      signal: AbortSignal.any([enough.signal, signal]),
      onBytes(count) {
        size += count;
        if (size > largestLog && tail > 1) enough.abort();
      },
      onLines(lines) {
        found.push(...lines.filter((line) => mayBeWanted(line, query)));
        if (found.length > 2 * query.limit) found.splice(0, found.length - query.limit);
      },
    });
  } catch (error) {
    if (enough.signal.aborted) return undefined;
    if (!isNoLog(error)) throw error;
  }
  return found.slice(-query.limit);
}

function mayBeWanted({ at, text }: LogLine, { from, to, contains = '' }: LogQuery): boolean {
  return at >= from && at < to && stripVTControlCharacters(text).toLowerCase().includes(contains.toLowerCase());
}

function failureOf(error: unknown, server: string): LifeguardError {
  const failure = failureOfConnection(error, server);
  const code = failure.retry === 'permanent' ? 'logs-rejected' : 'logs-unreachable';
  return new LifeguardError(failure.message, { code, retry: failure.retry, cause: failure });
}
