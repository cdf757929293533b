import type { IncomingMessage } from 'node:http';
import { type App, HTTPModuleFunctions, isValidSlackRequest, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { describeError, LifeguardError } from '../core/errors.ts';
import { readString } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import type { Reply, Webhook } from './webhook.ts';

export interface SlackRequestOptions {
  readonly signingSecret: string;
  readonly receipts: Receipts;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What Slack sends by HTTP: `webhook` is its address, `receiver` hands it to Bolt. */
export interface SlackRequests {
  readonly receiver: Receiver;
  readonly webhook: Webhook;
}

/** Slack's own bodies stay far below this. */
const bodyLimit = 2 ** 20;

/** How far a request's time may be from ours, both ways, milliseconds. Source: Slack, "Verifying requests". */
const toleranceMs = 5 * 60_000;

/** A signature is good for twice the tolerance; the rest is for clocks that differ between bots. */
const rememberMs = 2 * toleranceMs + 60_000;

/** What Slack sends, as Bolt tells them apart. */
const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

/** Slack's look at the certificate, which it does not sign. It is answered, and nothing else. */
const sslCheck = /(?:^|&)ssl_check=1(?:&|$)/;

/**
 * Bolt checks the signature, and would take a request again and again for five minutes, and one from the future: here each is taken once, and
 * only near its own time. Slack signs each of its retries anew, so a retry is no replay; the header that says so is not signed and excuses nothing.
 * A request that cannot be remembered is not taken (503).
 */
export function createSlackRequests(options: SlackRequestOptions): SlackRequests {
  const { receipts, log } = options;
  let app: App | undefined;
  return {
    receiver: {
      init: (ready) => void (app = ready),
      start: async () => undefined,
      stop: async () => void (app = undefined),
    },
    webhook: {
      limit: bodyLimit,
      async accept(body, request) {
        if (app === undefined) throw notYet();
        const { 'content-type': type = '' } = request.headers;
        if (type !== form && !type.startsWith(json)) return { status: 415, text: `Slack sends ${json} or ${form}.` };
        if (type === form && sslCheck.test(body)) return empty;
        const signature = signatureOf(body, request, options);
        if (signature === undefined) {
          log.warn('a request was refused: Slack did not sign it, or not near this time');
          return { status: 401, text: 'The signature is missing or wrong, or the time is too far from ours.' };
        }
        if (!(await receipts.take(`slack:${signature}`, rememberMs))) {
          log.warn('a request from Slack came twice; the second was refused');
          return { status: 409, text: 'This request has been taken already.' };
        }
        return dispatch(parse(body, request), app, log);
      },
    },
  };
}

function notYet(): LifeguardError {
  return new LifeguardError('The bot is not ready; send it again.', {
    code: 'channel-unreachable',
    retry: 'transient',
  });
}

/** The signature where it is Slack's and near its time. Written in one way only, so that it can be remembered. */
function signatureOf(
  body: string,
  { headers }: IncomingMessage,
  { signingSecret, clock }: SlackRequestOptions,
): string | undefined {
  const [signature, stamp] = [headers['x-slack-signature'], headers['x-slack-request-timestamp']];
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return undefined;
  if (typeof stamp !== 'string' || !/^[1-9]\d{0,11}$/.test(stamp)) return undefined;
  const [seconds, now] = [Number(stamp), clock.now()];
  if (Math.abs(now - seconds * 1000) > toleranceMs) return undefined;
  const own = { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds };
  return isValidSlackRequest({ signingSecret, body, headers: own, nowMilliseconds: now }) ? signature : undefined;
}

function parse(body: string, request: IncomingMessage): ReceiverEvent['body'] {
  try {
    const parsed: unknown = HTTPModuleFunctions.parseHTTPRequestBody(
      Object.assign(request, { rawBody: Buffer.from(body) }),
    );
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Said below.
  }
  throw new LifeguardError('It is neither JSON nor a form with JSON in it.', {
    code: 'input-invalid',
    retry: 'permanent',
  });
}

/** Answers with the acknowledgement, as soon as there is one; the work goes on after it. */
function dispatch(body: ReceiverEvent['body'], app: App, log: Log): Promise<Reply> {
  if (readString(body, 'type') === 'url_verification')
    return Promise.resolve(replyOf({ challenge: readString(body, 'challenge') }));
  return new Promise((resolve) => {
    const event: ReceiverEvent = { body, ack: async (answer?: unknown) => resolve(replyOf(answer)) };
    app
      .processEvent(event)
      .catch((error: unknown) => {
        log.error('a request from Slack failed', { problem: describeError(error) });
        resolve({ status: 500, text: 'It failed.' });
      })
      .finally(() => resolve({ status: 404, text: 'Nobody here takes that.' }));
  });
}

const empty: Reply = { status: 200, text: '', contentType: 'text/plain; charset=utf-8' };

function replyOf(answer: unknown): Reply {
  if (answer === undefined || answer === '') return empty;
  if (typeof answer === 'string') return { ...empty, text: answer };
  return { status: 200, text: JSON.stringify(answer), contentType: json };
}
