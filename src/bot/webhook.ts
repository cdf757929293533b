import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { describeError, LifeguardError } from '../core/errors.ts';

/** What another system sends us, and what we make of it. */
export interface Webhook {
  /** Bytes of a body at most, as it comes and unpacked. */
  readonly limit: number;
  /** Where set, the request must carry it as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  /** Returns once the body is kept, with an answer of its own where "ok" is not enough; a LifeguardError says why it is not kept. */
  readonly accept: (body: string, request: IncomingMessage) => Promise<Reply | undefined>;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Plain text where nothing is said. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to one request: 200 only when the body has been kept. */
export async function receive(request: IncomingMessage, webhook: Webhook): Promise<Reply> {
  if (request.method !== 'POST')
    return { status: 405, text: 'Only POST is understood here.', headers: { allow: 'POST' } };
  if (!isAuthorised(request, webhook.token)) {
    return {
      status: 401,
      text: 'The bearer token is missing or wrong.',
      headers: { 'www-authenticate': 'Bearer', connection: 'close' },
    };
  }
  const bytes = await readBody(request, webhook.limit);
  const body = bytes === undefined ? tooLong(webhook.limit) : await unpack(bytes, request, webhook.limit);
  if (typeof body !== 'string') return body;
  try {
    return (await webhook.accept(body, request)) ?? { status: 200, text: 'ok' };
  } catch (error) {
    return refusalOf(error);
  }
}

function tooLong(limit: number): Reply {
  return { status: 413, text: `The body is longer than ${limit} bytes.`, headers: { connection: 'close' } };
}

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const codings: ReadonlyMap<string, Unpack> = new Map([
  ['identity', async (bytes) => bytes],
  ['gzip', promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip)],
  ['deflate', promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(inflate)],
]);

/** The text of the body, or why there is none. Unpacking ends at the limit, whatever the body would become. */
async function unpack(bytes: Buffer, { headers }: IncomingMessage, limit: number): Promise<string | Reply> {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decode = codings.get(coding);
  if (decode === undefined) {
    const text = 'The content encoding is not understood; send gzip, deflate or none.';
    return { status: 415, text, headers: { 'accept-encoding': 'gzip, deflate' } };
  }
  try {
    return (await decode(bytes, { maxOutputLength: limit })).toString('utf8');
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isLarge ? tooLong(limit) : { status: 400, text: `The body is not ${coding}.` };
  }
}

/** When it is to come again where nothing else is known, milliseconds. */
const defaultWaitMs = 5_000;

/** What the sender can mend is 400; what may pass by itself is 503, or 429 where it sends too much, so that it sends again. */
function refusalOf(error: unknown): Reply {
  const text = describeError(error);
  const code = error instanceof LifeguardError ? error.code : undefined;
  if (code === 'input-invalid') return { status: 400, text };
  if (code === undefined) return { status: 500, text: 'It could not be kept.' };
  if (error instanceof LifeguardError && error.retry === 'rate-limited') {
    const waitMs = error.retryAfterMs ?? defaultWaitMs;
    return { status: 429, text, headers: { 'retry-after': `${Math.ceil(waitMs / 1000)}` } };
  }
  return { status: 503, text, headers: { 'retry-after': `${defaultWaitMs / 1000}` } };
}

/** Both are hashed, so that neither the length nor the first difference shows in the time it takes. */
function isAuthorised({ headers }: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(hash(given), hash(token));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Undefined where it is too long; the rest is not read then. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
