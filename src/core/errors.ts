import { redact } from './redact.ts';

/** What a caller may do about a failure. */
export type RetryClass = 'transient' | 'rate-limited' | 'permanent' | 'conflict';

export type ErrorCode =
  | 'cluster-unreachable'
  | 'cluster-forbidden'
  | 'cluster-unauthorized'
  | 'cluster-not-found'
  | 'cluster-conflict'
  | 'cluster-expired'
  | 'cluster-rejected'
  | 'store-unreachable'
  | 'store-full'
  | 'record-conflict'
  | 'channel-unreachable'
  | 'channel-rejected'
  | 'channel-message-gone'
  | 'channel-rate-limited'
  | 'alertmanager-unreachable'
  | 'alertmanager-rejected'
  | 'metrics-unreachable'
  | 'metrics-rejected'
  | 'logs-unreachable'
  | 'logs-rejected'
  | 'model-unreachable'
  | 'model-rejected'
  | 'model-unusable'
  | 'investigator-unreachable'
  | 'investigator-rejected'
  | 'pager-unreachable'
  | 'pager-rejected'
  | 'config-invalid'
  | 'input-invalid'
  | 'action-invalid';

interface LifeguardErrorOptions {
  readonly code: ErrorCode;
  readonly retry: RetryClass;
  readonly cause?: unknown;
  /** Milliseconds the other side asked us to wait. */
  readonly retryAfterMs?: number;
}

/**
 * The one error of this project: something failed. A refusal (a guardrail's no, a plan that cannot be made) is a value, not this.
 * The message is one sentence a person can act on; it is redacted, because it is stored and shown.
 */
export class LifeguardError extends Error {
  readonly code: ErrorCode;
  readonly retry: RetryClass;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: LifeguardErrorOptions) {
    super(redact(message), { cause: options.cause });
    this.name = 'LifeguardError';
    this.code = options.code;
    this.retry = options.retry;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LifeguardError && error.code === code;
}

/** One line for people, logs and records, redacted, never a stack or a cause. */
export function describeError(error: unknown): string {
  if (error instanceof LifeguardError) return error.message;
  if (error instanceof Error) return error.message === '' ? error.name : redact(error.message);
  return typeof error === 'string' ? redact(error) : 'unknown error';
}
