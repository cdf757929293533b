import { request } from 'undici';
import { z } from 'zod';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Alertmanager } from '../../core/ports/alertmanager.ts';
import { quoteAnswer } from '../quote-answer.ts';

export interface AlertmanagerOptions {
  /** Where its web interface is: `http://alertmanager.monitoring:9093`, with the path prefix if it has one. */
  readonly url: string;
  readonly token?: string | undefined;
}

const timeoutMs = 8_000;
const Alerts = z.array(z.object({ fingerprint: z.string(), status: z.object({ silencedBy: z.array(z.string()) }) }));
const Silences = z
  .array(
    z.object({
      id: z.string(),
      comment: z.string(),
      status: z.object({ state: z.enum(['pending', 'active', 'expired']) }),
    }),
  )
  .transform((all) => all.map(({ status, ...silence }) => ({ ...silence, state: status.state })));
const Created = z.object({ silenceID: z.string() });

/** Talks to the v2 API of Alertmanager (openapi.yaml of prometheus/alertmanager). */
export function createAlertmanager({ url, token }: AlertmanagerOptions): Alertmanager {
  const base = `${url.replace(/\/+$/, '')}/api/v2`;

  async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const answer = await request(`${base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
      .then(async ({ statusCode, body: content }) => ({ status: statusCode, text: await content.text() }))
      .catch((cause: unknown) => {
        throw unreachable(describeError(cause), cause);
      });
    return answer;
  }

  return {
    async firing() {
      const alerts = read(
        await call('GET', '/alerts?active=true&silenced=true&inhibited=true&unprocessed=true'),
        Alerts,
      );
      return new Map(alerts.map(({ fingerprint, status }) => [fingerprint, status.silencedBy]));
    },
    silences: async () => read(await call('GET', '/silences'), Silences),
    async silence({ matchers, startsAt, endsAt, createdBy, comment }) {
      const answer = await call('POST', '/silences', {
        matchers: matchers.map((matcher) => ({ ...matcher, isEqual: true })),
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
        createdBy,
        comment,
      });
      return read(answer, Created).silenceID;
    },
    async lift(id) {
      const answer = await call('DELETE', `/silence/${encodeURIComponent(id)}`);
      if (answer.status >= 300 && !isOver(answer)) throw refused(answer);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function read<T>(answer: Answer, schema: z.ZodType<T>): T {
  if (answer.status >= 300) throw refused(answer);
  try {
    return schema.parse(JSON.parse(answer.text));
  } catch (cause) {
    throw unreachable('its answer is not that of an Alertmanager', cause);
  }
}

function unreachable(why: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`Alertmanager did not answer (${why}). Check alertmanager.url.`, {
    code: 'alertmanager-unreachable',
    retry: 'transient',
    cause,
  });
}

/** Alertmanager up to 0.25 answers 500 for a silence that it does not have. */
function isOver({ status, text }: Answer): boolean {
  return status === 404 || /not found|already expired/.test(text);
}

function refused({ status, text }: Answer): LifeguardError {
  if (status >= 500) return unreachable(`HTTP ${status}`);
  return new LifeguardError(`Alertmanager refused (HTTP ${status}): ${quoteAnswer(text) || 'no reason given'}.`, {
    code: 'alertmanager-rejected',
    retry: 'permanent',
  });
}
