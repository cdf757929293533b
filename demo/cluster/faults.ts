import { setTimeout as wait } from 'node:timers/promises';
import type { Forbidden } from './access.ts';
import { type Answer, failureAnswer } from './answers.ts';
import { statusBody } from './failure.ts';

interface FailNext {
  /** Against `METHOD /path`; a string must be contained in it. Absent: every request. */
  readonly match?: string | RegExp;
  /** HTTP status to answer with; 0 breaks the connection. */
  readonly status: number;
  /** How many requests. Default 1. */
  readonly times?: number;
  /** How many such requests are answered before. Default 0. */
  readonly after?: number;
  /** Seconds, for 429 and 503. */
  readonly retryAfter?: number;
}

/** What can be broken, while it runs. */
export interface ClusterFaults {
  /** Breaks all watch connections. */
  resetWatches(): void;
  /** Breaks them again and again, every so many milliseconds; null stops it. */
  resetWatchesEvery(ms: number | null): void;
  failNext(fault: FailNext): void;
  /** Refuses the token that the kubeconfig has (401). */
  expireToken(): void;
  /** Refuses the old token; the kubeconfig files that were written get a new one. */
  rotateToken(): Promise<void>;
  /** Breaks every connection and accepts no new one. */
  unreachable(on: boolean): void;
  /** Forgets all changes and lists under way: watches and pages from before answer 410. */
  expireHistory(): void;
  /** Delays every answer by so many milliseconds; 0 stops it. */
  slow(ms: number): void;
  /** Takes a right away from everybody; null gives all back. */
  forbid(rule: Forbidden | null): void;
}

export interface FaultSwitches {
  /** What comes in place of an answer: nothing wrong, a failure, or a broken connection. */
  intercept(method: string, path: string): Promise<Answer | 'reset' | undefined>;
  failNext(fault: FailNext): void;
  slow(ms: number): void;
  unreachable(on: boolean): void;
  readonly isUnreachable: boolean;
}

export function createFaultSwitches(): FaultSwitches {
  let delayMs = 0;
  let isUnreachable = false;
  const planned: { readonly fault: FailNext; left: number; passing: number }[] = [];

  function next(text: string): FailNext | undefined {
    const found = planned.find(({ fault, left }) => left > 0 && matches(fault.match, text));
    if (found === undefined) return undefined;
    found.passing -= 1;
    if (found.passing >= 0) return undefined;
    found.left -= 1;
    return found.fault;
  }

  return {
    async intercept(method, path) {
      if (delayMs > 0) await wait(delayMs);
      if (isUnreachable) return 'reset';
      const fault = next(`${method} ${path}`);
      if (fault === undefined) return undefined;
      return fault.status === 0 ? 'reset' : failureOf(fault);
    },
    failNext(fault) {
      planned.push({ fault, left: fault.times ?? 1, passing: fault.after ?? 0 });
    },
    slow(ms) {
      delayMs = ms;
    },
    unreachable(on) {
      isUnreachable = on;
    },
    get isUnreachable() {
      return isUnreachable;
    },
  };
}

function matches(match: string | RegExp | undefined, text: string): boolean {
  if (match === undefined) return true;
  return typeof match === 'string' ? text.includes(match) : match.test(text);
}

const reasons: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BadRequest', 'bad request'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden'],
  409: [
    'Conflict',
    'Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again',
  ],
  429: ['TooManyRequests', 'too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred: etcdserver: leader changed'],
  503: ['ServiceUnavailable', 'apiserver is shutting down'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
};

function failureOf({ status, retryAfter }: FailNext): Answer {
  const [reason, message] = reasons[status] ?? ['', 'simulated failure'];
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return failureAnswer(statusBody({ code: status, reason, message }), headers);
}
