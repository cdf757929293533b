import { type ErrorCode, LifeguardError, type RetryClass } from '../../core/errors.ts';
import { readArray, readNumber, readString } from '../../core/json.ts';
import { redact } from '../../core/redact.ts';
import { quoteAnswer } from '../quote-answer.ts';
import { missingRightOfMessage } from './rights.ts';

/** What was asked of the API server when it failed. */
export interface RequestFacts {
  /** `https://host:port`, as people know it. */
  readonly server: string;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** True for JSON Patch, where an answer without causes means that the patch does not fit the live object. */
  readonly jsonPatch: boolean;
}

/** An answer other than 2xx. */
export interface FailedAnswer {
  readonly status: number;
  readonly body: string;
  /** Raw `Retry-After` header. */
  readonly retryAfter: string | undefined;
}

/** The cause of a failure that the server answered with. */
class AnsweredError extends Error {
  readonly status: number;
  /** What keeps a pod from being evicted, in the server's words. */
  readonly hold: string | undefined;

  constructor(status: number, text: string, hold: string | undefined) {
    super(`HTTP ${status} ${text}`);
    this.status = status;
    this.hold = hold;
  }
}

/** The HTTP status behind a failure; undefined where no answer came. */
export function answeredStatus(error: LifeguardError): number | undefined {
  return error.cause instanceof AnsweredError ? error.cause.status : undefined;
}

/** The disruption budget that keeps a pod from being evicted, in the server's words; undefined for every other failure. */
export function evictionHold(error: unknown): string | undefined {
  return error instanceof LifeguardError && error.cause instanceof AnsweredError ? error.cause.hold : undefined;
}

/** A budget that allows no disruption now is a 429 with its cause; more than one budget for a pod is an error of the server's (1.35). */
function holdOf(status: unknown, reason: string): string | undefined {
  const cause = readArray(status, 'details', 'causes').find((one) => readString(one, 'reason') === 'DisruptionBudget');
  if (cause !== undefined) return quote(readString(cause, 'message') ?? reason);
  return /more than one PodDisruptionBudget/i.test(reason) ? reason : undefined;
}

interface Judgement {
  readonly code: ErrorCode;
  readonly retry: RetryClass;
  readonly message: string;
}

/** Maps an HTTP failure to the project's error. The message quotes the server's reason, never the values it complains about. */
export function failureOfAnswer(answer: FailedAnswer, facts: RequestFacts): LifeguardError {
  const status = parseJson(answer.body);
  const reason = quote(readString(status, 'message') ?? answer.body);
  const isMisfit = facts.jsonPatch && answer.status === 422 && readArray(status, 'details', 'causes').length === 0;
  const { code, retry, message } = isMisfit ? misfit(facts) : judge(answer.status, reason, facts);
  const options = { code, retry, cause: new AnsweredError(answer.status, reason, holdOf(status, reason)) };
  if (retry !== 'rate-limited') return new LifeguardError(message, options);
  return new LifeguardError(message, { ...options, retryAfterMs: parseRetryAfter(answer.retryAfter) });
}

/** A real API server (1.35) answers a JSON Patch operation that fails with 422 and no causes; failed validation has causes. */
function misfit({ path }: RequestFacts): Judgement {
  const message = `The change does not fit ${path} any more: the object is not as it was when the change was planned.`;
  return { code: 'cluster-conflict', retry: 'conflict', message };
}

function judge(status: number, reason: string, facts: RequestFacts): Judgement {
  const { server, method, path } = facts;
  switch (status) {
    case 401:
      return {
        code: 'cluster-unauthorized',
        retry: 'permanent',
        message: `The Kubernetes API at ${server} refuses Lifeguard's credentials (token expired or wrong); renew them in the kubeconfig or the service account, they are read again without a restart.`,
      };
    case 403:
      return {
        code: 'cluster-forbidden',
        retry: 'permanent',
        message:
          missingRightOfMessage(reason) ?? `The Kubernetes API does not allow ${method} ${path}${because(reason)}.`,
      };
    case 404:
      return {
        code: 'cluster-not-found',
        retry: 'permanent',
        message: `The Kubernetes API has nothing at ${path}${because(reason)}.`,
      };
    case 409:
      return {
        code: 'cluster-conflict',
        retry: 'conflict',
        message: `Somebody else changed ${path} at the same time${because(reason)}.`,
      };
    case 410:
      return {
        code: 'cluster-expired',
        retry: 'transient',
        message: `The version asked for of ${path} is too old to read on from.`,
      };
    case 429:
      return {
        code: 'cluster-unreachable',
        retry: 'rate-limited',
        message: `The Kubernetes API at ${server} asks Lifeguard to slow down.`,
      };
    default:
      return judgeOther(status, reason, facts);
  }
}

function judgeOther(status: number, reason: string, { server, method, path }: RequestFacts): Judgement {
  if (status >= 500) {
    const message = `The Kubernetes API at ${server} answers with an error (${status}${because(reason)}).`;
    return { code: 'cluster-unreachable', retry: 'transient', message };
  }
  const message = `The Kubernetes API rejected ${method} ${path} (${status})${because(reason)}.`;
  return { code: 'cluster-rejected', retry: 'permanent', message };
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  EPIPE: 'connection closed',
  ENOTFOUND: 'its name is unknown to DNS',
  EAI_AGAIN: 'DNS does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'connecting took too long',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by the configured CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the configured CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the configured CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by the configured CA',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** Maps whatever the connection failed with; errors of this project pass through. */
export function failureOfConnection(error: unknown, server: string): LifeguardError {
  if (error instanceof LifeguardError) return error;
  return new LifeguardError(`The Kubernetes API at ${server} does not answer (${networkReason(error)}).`, {
    code: 'cluster-unreachable',
    retry: 'transient',
    cause: error,
  });
}

export function failureOfTimeout(server: string, timeoutMs: number): LifeguardError {
  const message = `The Kubernetes API at ${server} does not answer (no response within ${timeoutMs / 1000} s).`;
  return new LifeguardError(message, { code: 'cluster-unreachable', retry: 'transient' });
}

function networkReason(error: unknown): string {
  const code = readCode(error) ?? (error instanceof Error ? readCode(error.cause) : undefined);
  if (code !== undefined) return networkReasons[code] ?? code;
  return error instanceof Error ? quote(error.message) : 'unknown reason';
}

function readCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Undefined where it is not JSON; the parser's own words would quote the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After` in seconds; a date or nothing counts as one second, as client-go takes it. */
function parseRetryAfter(header: string | undefined): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000;
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}

/** The server's words without the values it complains about (they may be secrets), on one line. */
function quote(message: string): string {
  return quoteAnswer(redact(message.replace(/(Invalid value: )("(?:[^"\\]|\\.)*"|\{.*\})/gs, '$1…')));
}

/** The `Status` object of an ERROR event inside a watch. */
export function failureOfStatus(object: unknown, server: string, path: string): LifeguardError {
  const status = readNumber(object, 'code') ?? 500;
  const body = JSON.stringify(object);
  return failureOfAnswer({ status, body, retryAfter: undefined }, { server, method: 'GET', path, jsonPatch: false });
}
