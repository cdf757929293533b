import type { Finding } from '../../core/finding.ts';
import { isWorkloadRef } from '../../core/resource-ref.ts';
import type { Remedy, RemedyStep } from '../remedy.ts';
import { rollBackStep, targetOf } from './steps.ts';

/** Restarts tried for one incident; the guardrail on attempts spaces them. */
const restarts = 3;

/**
 * After a release: roll it back. Otherwise: restart with back-off. Then people. What crashes after a rollback of Lifeguard's own has just been
 * released by that rollback or its undoing, whatever the finding of that moment says: no restart helps it.
 */
export const crashLoop: Remedy = {
  id: 'crash-loop',
  findings: ['crash-loop', 'oom-loop'],
  steps(finding: Finding, tried: ReadonlySet<string>): readonly RemedyStep[] {
    const { subject, release } = finding;
    if (release !== undefined || tried.has('rollback-workload') || !isWorkloadRef(subject))
      return rollBackStep(finding);
    const reason = 'Nothing was released lately, so a fresh start is the least that may help.';
    return [{ actionId: 'restart-workload', params: { target: targetOf(subject) }, times: restarts, reason }];
  },
};
