import { createHmac, randomUUID } from 'node:crypto';
import { readString } from '../../src/core/json.ts';
import { parseObject } from './http-body.ts';
import type { Limits } from './limits.ts';
import type { Delivery, Envelope, Sockets } from './sockets.ts';
import type { Violations } from './violations.ts';
import type { Wire } from './wire.ts';

interface Parts {
  readonly sockets: Sockets;
  readonly signingSecret: string;
  readonly limits: Limits;
  readonly violations: Violations;
}

interface SignedRequest {
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The way envelopes take to the app: its sockets, or signed HTTP requests once it named a URL. */
export class DeliveryRoute {
  readonly #parts: Parts;
  #requestUrl: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on envelopes go to this URL by HTTP. Throws unless it answers Slack's challenge. */
  async useRequestUrl(url: string): Promise<void> {
    const challenge = randomUUID();
    const body = JSON.stringify({ type: 'url_verification', token: 'verification-token', challenge });
    const answer = await this.#post(url, { contentType: 'application/json', body });
    const text = await answer.text();
    if ((readString(parseObject(text), 'challenge') ?? text) !== challenge) {
      throw new Error(`${url} did not answer the challenge (${answer.status})`);
    }
    this.#requestUrl = url;
  }

  async deliver(envelope: Envelope): Promise<Delivery> {
    if (this.#requestUrl === undefined) return await this.#parts.sockets.deliver(envelope);
    try {
      const answer = await this.#post(this.#requestUrl, toRequest(envelope));
      const text = await answer.text();
      if (answer.status === 200) return { state: 'acked', payload: parseObject(text) ?? plainAnswer(text) };
      this.#parts.violations.add('unacked', `${envelope.type} answered with status ${answer.status}`);
      return { state: 'late' };
    } catch (error) {
      if (!isTimeout(error)) return { state: 'not-connected' };
      this.#parts.violations.add('unacked', `${envelope.type} not answered in ${this.#parts.limits.ackMs} ms`);
      return { state: 'late' };
    }
  }

  async #post(url: string, request: SignedRequest): Promise<Response> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const { contentType, body, headers = {} } = request;
    return await fetch(url, {
      method: 'POST',
      body,
      headers: {
        ...headers,
        'content-type': contentType,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': sign(this.#parts.signingSecret, timestamp, body),
      },
      signal: AbortSignal.timeout(this.#parts.limits.ackMs),
    });
  }
}

/** Slack's request signature, version 0. */
function sign(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

const formType = 'application/x-www-form-urlencoded';

function toRequest(envelope: Envelope): SignedRequest {
  const { payload, retryAttempt, retryReason = 'http_timeout' } = envelope;
  if (envelope.type === 'slash_commands') return { contentType: formType, body: toForm(payload) };
  if (envelope.type === 'interactive')
    return { contentType: formType, body: toForm({ payload: JSON.stringify(payload) }) };
  const headers: Record<string, string> =
    retryAttempt === undefined
      ? {}
      : { 'x-slack-retry-num': String(retryAttempt), 'x-slack-retry-reason': retryReason };
  return { contentType: 'application/json', body: JSON.stringify(payload), headers };
}

function toForm(fields: Wire): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') form.set(name, value);
  return form.toString();
}

function plainAnswer(text: string) {
  return text === '' ? {} : { text };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
