import type { Policy } from '../../core/policy.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** The loop breaker: a fix that did not hold is not repeated at once, and not for ever. */
export const attempts: Guardrail = {
  id: 'attempts',
  promise:
    'The same workload is not acted on for the same cause again and again: each wait is twice the last, then people decide.',
  judge({ attempts: fact, attemptKey, now, policy, origin }) {
    if ('unreadable' in fact) return needsApproval(`Earlier attempts cannot be read (${fact.unreadable}).`);
    const past = fact.known.filter(
      (attempt) => attempt.key === attemptKey && attempt.at > now - policy.attempts.windowMs,
    );
    const last = past.at(-1);
    if (last === undefined) return allow('Nothing was tried for this cause recently.');
    if (!isAutomatic(origin))
      return needsApproval(`Tried ${past.length} times recently; a person decides whether once more.`);
    const first = past[0] ?? last;
    if (past.length >= policy.attempts.max) {
      return deny(
        `Tried ${past.length} times for this cause without lasting success.`,
        first.at + policy.attempts.windowMs,
      );
    }
    const next = last.at + backoffMs(policy.attempts, past.length);
    if (now < next) return deny(`Attempt ${past.length + 1} of ${policy.attempts.max} waits for the back-off.`, next);
    return allow(`Attempt ${past.length + 1} of ${policy.attempts.max}; the back-off has passed.`);
  },
};

/** Wait after so many attempts, milliseconds: the base, doubled each time, never longer than the window. */
export function backoffMs({ backoffMs: base, windowMs }: Policy['attempts'], tried: number): number {
  return tried <= 0 ? 0 : Math.min(base * 2 ** (tried - 1), windowMs);
}
