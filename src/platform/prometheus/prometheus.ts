import { request } from 'undici';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Metrics, Series, Span } from '../../core/ports/metrics.ts';
import { readBounded } from '../bounded-body.ts';
import { createBreaker } from '../breaker.ts';
import { quoteAnswer } from '../quote-answer.ts';

export interface PrometheusOptions {
  /** Where its web interface is: `http://prometheus.monitoring:9090`, with the path prefix if it has one. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** People wait for the answer in a thread; an answer that takes longer is not worth it. */
const timeoutMs = 4_000;

/** Bytes of an answer; more is the wrong question. */
const largestAnswer = 8 * 2 ** 20;

const Labels = z.record(z.string(), z.string());
const point = z.tuple([z.number(), z.string()]);
const Matrix = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: Labels, values: z.array(point).default([]) })),
  }),
});
const Vector = z.object({
  data: z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels, value: point })) }),
});

/** Talks to the HTTP API v1 of Prometheus, and of what imitates it (Thanos, Mimir, VictoriaMetrics). */
export function createPrometheus({ url, token }: PrometheusOptions): Metrics {
  const base = `${url.replace(/\/+$/, '')}/api/v1`;
  const shielded = createBreaker('metrics-unreachable');

  function call<T>(path: string, form: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    return shielded(() => ask(path, form, schema));
  }

  async function ask<T>(path: string, form: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    const answer = await request(`${base}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: new URLSearchParams({ ...form, timeout: `${timeoutMs}ms` }).toString(),
      signal: AbortSignal.timeout(timeoutMs),
    })
      .then(async ({ statusCode, body }) => ({ status: statusCode, text: await readBounded(body, largestAnswer) }))
      .catch((cause: unknown) => {
        throw unreachable(describeError(cause), cause);
      });
    return read(answer, schema);
  }

  return {
    async range(query, span) {
      const { from, points } = span;
      const step = stepOf(span);
      const form = { query, start: seconds(from), end: seconds(from + step * (points - 1)), step: seconds(step) };
      const { data } = await call('/query_range', form, Matrix);
      return data.result.map(({ metric, values }) => ({ labels: metric, values: align(values, span) }));
    },
    async query(query) {
      const { data } = await call('/query', { query }, Vector);
      return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
  };
}

function stepOf({ from, to, points }: Span): number {
  return Math.max(1, Math.round((to - from) / Math.max(1, points - 1)));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Every sample at its moment. What is not a finite number (`NaN`, `+Inf`) is none. */
function align(values: readonly (readonly [number, string])[], span: Span): Series['values'] {
  const aligned: (number | undefined)[] = Array.from({ length: span.points }, () => undefined);
  for (const [at, text] of values) {
    const index = Math.round((at * 1000 - span.from) / stepOf(span));
    const value = Number(text);
    if (index >= 0 && index < aligned.length && Number.isFinite(value)) aligned[index] = value;
  }
  return aligned;
}

function read<T>({ status, text }: { readonly status: number; readonly text: string }, schema: z.ZodType<T>): T {
  if (status === 400 || status === 422) throw rejected(text);
  if (status >= 300) throw unreachable(`HTTP ${status}`);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreachable('its answer is not that of a Prometheus', cause);
  }
}

function unreachable(why: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`Prometheus did not answer (${why}). Check prometheus.url.`, {
    code: 'metrics-unreachable',
    retry: 'transient',
    cause,
  });
}

function rejected(text: string): LifeguardError {
  return new LifeguardError(`Prometheus refused the query: ${quoteAnswer(text) || 'no reason given'}.`, {
    code: 'metrics-rejected',
    retry: 'permanent',
  });
}
