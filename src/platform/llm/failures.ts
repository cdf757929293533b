import { APIConnectionError, APIError } from 'openai';
import { LifeguardError } from '../../core/errors.ts';
import { AnswerTooLarge } from './bounded-fetch.ts';

/**
 * Who is to blame. `caller`: stopped. `request`: refused as it is. `form`: refused, but another form of answer may be taken. `answer`: it answered, and
 * nothing that fits. `server`: away, broken or slow. `limit`: too many requests. `access`: key, model or credit.
 */
export type Blame = 'caller' | 'request' | 'form' | 'answer' | 'server' | 'limit' | 'access';

const codes = {
  caller: ['model-unreachable', 'transient'],
  request: ['model-rejected', 'permanent'],
  form: ['model-rejected', 'permanent'],
  answer: ['model-unusable', 'permanent'],
  server: ['model-unreachable', 'transient'],
  limit: ['model-unreachable', 'rate-limited'],
  access: ['model-rejected', 'permanent'],
} as const satisfies Readonly<Record<Blame, readonly [string, string]>>;

interface FailureOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  /** Said with HTTP 500, as llama-cpp-python also does of a form of answer that it does not know. */
  readonly unexplained?: boolean;
}

/** Says what failed without a word of the question, the answer or the key: what a server says of a request may quote it. */
export class ModelFailure extends LifeguardError {
  readonly blame: Blame;
  readonly unexplained: boolean;

  constructor(blame: Blame, message: string, { unexplained = false, ...options }: FailureOptions = {}) {
    const [code, retry] = codes[blame];
    super(message, { code, retry, ...options });
    this.blame = blame;
    this.unexplained = unexplained;
  }
}

export interface Circumstances {
  readonly model: string;
  /** The caller's own. */
  readonly caller: AbortSignal;
  readonly deadline: AbortSignal;
  readonly deadlineMs: number;
  /** Epoch milliseconds, for a Retry-After that is a date. */
  readonly now: number;
}

/** What went wrong, whatever was thrown on the way. */
export function toFailure(cause: unknown, circumstances: Circumstances): ModelFailure {
  if (cause instanceof ModelFailure) return cause;
  const { caller, deadline, deadlineMs, model } = circumstances;
  if (caller.aborted) return new ModelFailure('caller', 'The question was withdrawn before the model answered.');
  if (deadline.aborted)
    return new ModelFailure('server', `The model ${model} took longer than ${deadlineMs / 1000} s.`, { cause });
  const chain = chainOf(cause);
  if (chain.some((error) => error instanceof AnswerTooLarge))
    return new ModelFailure('answer', `The model ${model} said far too much; its answer was cut off and not used.`);
  if (cause instanceof APIError && cause.status !== undefined) return fromStatus(cause, circumstances);
  if (cause instanceof APIConnectionError || cause instanceof TypeError)
    return new ModelFailure('server', `The model's server did not answer (${reasonOf(chain)}).`, { cause });
  return strange(model);
}

/** Not in the protocol at all, so that nothing of it can be told. */
export function strange(model: string): ModelFailure {
  return new ModelFailure(
    'server',
    `What answers for the model ${model} does not speak OpenAI's Chat Completions. Check OPENAI_BASE_URL.`,
  );
}

interface Meaning {
  readonly blame: Blame;
  /** What the server does. */
  readonly says: string;
}

const noKey: Meaning = { blame: 'access', says: 'refuses the key; check OPENAI_API_KEY' };
const noCredit: Meaning = { blame: 'access', says: 'gives this account no credit' };
const refused: Meaning = { blame: 'request', says: 'refused the request' };
const failed: Meaning = { blame: 'server', says: 'failed' };

/** What a code of the API or, where it says none of these, a status means. The rest of 4xx is about the request, the rest of 5xx about the server. */
const meanings: Readonly<Record<string, Meaning>> = {
  insufficient_quota: noCredit,
  context_length_exceeded: { blame: 'request', says: 'cannot take a request that long' },
  400: { ...refused, blame: 'form' },
  401: noKey,
  402: noCredit,
  403: noKey,
  404: { blame: 'access', says: 'does not know it; check model.name and OPENAI_BASE_URL' },
  408: failed,
  409: failed,
  422: { ...refused, blame: 'form' },
  429: { blame: 'limit', says: 'gets too many requests' },
  501: { ...refused, blame: 'form' },
};

function fromStatus(error: APIError, { model, now }: Circumstances): ModelFailure {
  const status = error.status ?? 0;
  const said = wordOf(error.code) ?? wordOf(error.type);
  const { blame, says } = meanings[said ?? ''] ?? meanings[status] ?? (status >= 500 ? failed : refused);
  const label = said === undefined ? `HTTP ${status}` : `HTTP ${status}, ${said}`;
  const retryAfterMs = blame === 'limit' ? readRetryAfter(error.headers, now) : undefined;
  return new ModelFailure(blame, `The server of the model ${model} ${says} (${label}).`, {
    unexplained: status === 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** A code of the API such as `model_not_found`; never a sentence. */
function wordOf(said: unknown): string | undefined {
  return typeof said === 'string' && /^[a-z][a-z0-9_.-]{0,63}$/i.test(said) ? said : undefined;
}

/** Longest wait that a server is believed to mean, milliseconds. */
const longestWaitMs = 3_600_000;

/** Seconds or a date (RFC 9110, 10.2.3) as milliseconds from now. */
function readRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const text = headers?.get('retry-after')?.trim() ?? '';
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), longestWaitMs);
}

function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

/** `ECONNREFUSED`, where there is such a word. */
function reasonOf(chain: readonly unknown[]): string {
  const codes = chain.map((error) =>
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined,
  );
  return codes.findLast((code) => code !== undefined) ?? 'the connection broke';
}
