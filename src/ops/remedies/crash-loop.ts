import type { Finding } from '../../core/finding.ts';
import { isWorkloadRef } from '../../core/resource-ref.ts';
import type { Remedy, RemedyStep } from '../remedy.ts';
import { rollBackStep, targetOf } from './steps.ts';

/** Restarts tried for one incident; the guardrail on attempts spaces them. */
const restarts = 3;

/** After a release: roll it back. Otherwise: restart with back-off. Then people. */
export const crashLoop: Remedy = {
  id: 'crash-loop',
  findings: ['crash-loop', 'oom-loop'],
  steps(finding: Finding): readonly RemedyStep[] {
    const { subject, release } = finding;
    if (release !== undefined || !isWorkloadRef(subject)) return rollBackStep(finding);
    const reason = 'Nothing was released lately, so a fresh start is the least that may help.';
    return [{ actionId: 'restart-workload', params: { target: targetOf(subject) }, times: restarts, reason }];
  },
};
