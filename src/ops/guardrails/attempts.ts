import type { Policy } from '../../core/policy.ts';
import type { Attempt } from '../../core/ports/ledger.ts';
import { allow, deny, denyForGood, needsApproval, type Verdict } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic, type Tally } from '../guardrail.ts';

export const dayMs = 86_400_000;

/** The kind of incidents that people open by asking for a change. */
export const requestedChange = 'requested-change';

/** The loop breaker: a fix that did not hold is not repeated at once, and not for ever. What people did counts as well. */
export const attempts: Guardrail = {
  id: 'attempts',
  promise:
    'The same workload is not acted on for the same cause again and again: each wait is twice the last, then people decide.',
  judge({ attempts: fact, tally, now, policy, origin }) {
    if ('unreadable' in fact) return needsApproval(`Earlier attempts cannot be read (${fact.unreadable}).`);
    const { max, daily, windowMs } = policy.attempts;
    const today = fact.known.filter(({ subject, at }) => subject === tally.subject && at > now - dayMs);
    const past = today.filter((one) => one.at > now - windowMs && isSameCause(one, tally));
    if (!isAutomatic(origin)) return describeForPeople(past.length);
    if (past.length >= max) return denyForGood(`Tried ${past.length} times for this cause without lasting success.`);
    if (today.length >= daily)
      return denyForGood(`It was acted on ${today.length} times within a day, and it keeps coming back.`);
    const last = past.at(-1);
    if (last === undefined) return allow('Nothing was tried for this cause recently.');
    const next = last.at + backoffMs(policy.attempts, past.length);
    if (now < next) return deny(`Attempt ${past.length + 1} of ${max} waits for the back-off.`, next);
    return allow(`Attempt ${past.length + 1} of ${max}; the back-off has passed.`);
  },
};

/** What a person asked for without an incident may have been for any cause. */
function isSameCause({ cause }: Attempt, tally: Tally): boolean {
  return cause === tally.cause || cause === requestedChange || tally.cause === requestedChange;
}

function describeForPeople(count: number): Verdict {
  if (count === 0) return allow('Nothing was tried for this cause recently.');
  return needsApproval(`Tried ${count} times recently; a person decides whether once more.`);
}

/** Wait after so many attempts, milliseconds: the base, doubled each time, never longer than the window. */
export function backoffMs({ backoffMs: base, windowMs }: Policy['attempts'], tried: number): number {
  return tried <= 0 ? 0 : Math.min(base * 2 ** (tried - 1), windowMs);
}
