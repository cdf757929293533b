import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import { readBounded } from '../bounded-body.ts';
import { createBreaker } from '../breaker.ts';
import { quoteAnswer } from '../quote-answer.ts';

export interface LokiAddress {
  /** Where its API is: `http://loki-gateway.monitoring`, with the path prefix if it has one. */
  readonly url: string;
  /** Whose logs, where it keeps those of several apart: `X-Scope-OrgID`. */
  readonly tenant?: string | undefined;
  readonly token?: string | undefined;
}

export interface LokiEntry {
  /** Epoch nanoseconds. */
  readonly at: bigint;
  readonly stream: Readonly<Record<string, string>>;
  readonly text: string;
}

interface RangeQuery {
  /** LogQL. */
  readonly query: string;
  /** Epoch nanoseconds; the first is in it, the last is not. */
  readonly start: bigint;
  readonly end: bigint;
  /** `backward`: the newest first. */
  readonly direction: 'forward' | 'backward';
  /** Entries at most. */
  readonly limit: number;
}

export interface LokiClient {
  /**
   * Entries in the order of `direction`, the first so many of them. Fails with `logs-unreachable` (also at once, for a while after it did not answer
   * twice) or `logs-rejected`; an abort throws the signal's reason.
   */
  entries(query: RangeQuery, signal?: AbortSignal): Promise<readonly LokiEntry[]>;
}

/** People wait for the answer in a thread, milliseconds. */
const defaultTimeoutMs = 5_000;

/** Bytes of an answer; a page of ordinary lines is far smaller. */
const largestAnswer = 32 * 2 ** 20;

/** Entries of one answer; Loki's own limit is 5000 where nobody changed it. */
const pageSize = 1_000;

/** As far as one query may reach where nobody changed `max_query_length` (30d1h), nanoseconds. */
const longestSpan = 30n * 24n * 3_600n * 1_000_000_000n;

/** Queries at the same time. */
const connections = 8;

const Streams = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

interface LokiOptions {
  /** How long an answer may take; 5 s unless said. */
  readonly timeoutMs?: number;
}

/** Talks to the HTTP API of Loki (`query_range`, 2.x and 3.x). */
export function createLokiClient(address: LokiAddress, { timeoutMs = defaultTimeoutMs }: LokiOptions = {}): LokiClient {
  const dispatcher = new Agent({ connections });
  const shielded = createBreaker('logs-unreachable');

  function page(query: RangeQuery, signal: AbortSignal | undefined): Promise<readonly LokiEntry[]> {
    return shielded(async () => read(await ask(address, query, { dispatcher, signal, timeoutMs })));
  }

  return {
    async entries(query, signal) {
      const limit = Math.min(pageSize, query.limit);
      const found = new Map<string, LokiEntry>();
      for (let rest: RangeQuery | undefined = query; rest !== undefined && found.size < query.limit; ) {
        const got = await page({ ...rest, limit }, signal);
        for (const entry of got) found.set(keyOf(entry), entry);
        rest = got.length < limit ? undefined : nextOf(rest, got);
      }
      return [...found.values()].slice(0, query.limit);
    },
  };
}

/** What is left. The moment at which a page ended may have more entries, so it is asked for again, unless it alone filled the page. */
function nextOf(query: RangeQuery, got: readonly LokiEntry[]): RangeQuery | undefined {
  const edge = got.at(-1)?.at;
  if (edge === undefined) return undefined;
  if (query.direction === 'forward') return { ...query, start: edge === query.start ? edge + 1n : edge };
  return { ...query, end: edge + 1n === query.end ? edge : edge + 1n };
}

/** What tells an entry from all others, in few bytes: Loki itself keeps the same text at the same time in the same stream once. */
export function keyOf({ at, stream, text }: LokiEntry): string {
  return `${at} ${createHash('sha1').update(JSON.stringify(stream)).update(text).digest('base64')}`;
}

interface Asking {
  readonly dispatcher: Agent;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

async function ask(
  address: LokiAddress,
  query: RangeQuery,
  { dispatcher, signal, timeoutMs }: Asking,
): Promise<Answer> {
  const { url, tenant, token } = address;
  const earliest = query.end - longestSpan;
  const form = new URLSearchParams({
    query: query.query,
    start: `${query.start > earliest ? query.start : earliest}`,
    end: `${query.end}`,
    limit: `${query.limit}`,
    direction: query.direction,
  });
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, body } = await request(
      `${url.replace(/\/+$/, '')}/loki/api/v1/query_range?${form.toString()}`,
      {
        dispatcher,
        headers: {
          accept: 'application/json',
          ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      },
    );
    return { status: statusCode, text: await readBounded(body, largestAnswer), direction: query.direction };
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreachable(deadline.aborted ? `nothing within ${timeoutMs / 1000} s` : describeError(cause), cause);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly direction: RangeQuery['direction'];
}

function read({ status, text, direction }: Answer): readonly LokiEntry[] {
  if (status === 400 || status === 422) throw rejected(text);
  if (status >= 300) throw unreachable(`HTTP ${status}`);
  try {
    const { result } = Streams.parse(JSON.parse(text)).data;
    const entries = result.flatMap(({ stream, values }) =>
      values.map(([at, line]) => ({ at: BigInt(at), stream, text: line })),
    );
    return entries.toSorted((a, b) => (direction === 'forward' ? 1 : -1) * Number(a.at - b.at));
  } catch (cause) {
    throw unreachable('its answer is not that of a Loki', cause);
  }
}

function unreachable(why: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`Loki did not answer (${why}). Check logs.loki.url.`, {
    code: 'logs-unreachable',
    retry: 'transient',
    cause,
  });
}

function rejected(text: string): LifeguardError {
  return new LifeguardError(`Loki refused the query: ${quoteAnswer(text) || 'no reason given'}.`, {
    code: 'logs-rejected',
    retry: 'permanent',
  });
}
