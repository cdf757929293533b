import type { Verification } from '../../core/action.ts';
import type { VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';

/** For actions whose proof is that what was asked for is so, not how pods do. Not measured is unknown, never success. */
export function verifyReached({ after, appliedAt, now }: VerifyInput, { policy }: ActionContext): Verification {
  if (after.reached === true) return { verdict: 'improved', settled: true, sentence: 'It is as was asked for.' };
  const over = now - appliedAt >= policy.verification.deadlineMs;
  const sentence = 'It is not yet as was asked for.';
  if (after.reached === undefined)
    return { verdict: 'unknown', settled: over, sentence: 'It cannot be seen whether it is so.' };
  return { verdict: over ? 'unchanged' : 'unknown', settled: over, sentence };
}
