import type { Finding } from '../../core/finding.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { isWorkloadRef, type WorkloadRef } from '../../core/resource-ref.ts';
import type { Remedy, RemedyStep } from '../remedy.ts';
import { rollBackStep, targetOf } from './steps.ts';

/** Times that memory is raised for one incident, and by how much. */
const raises = 2;
const raise = '+50%';

/** Restarts tried for one incident; the guardrail on attempts spaces them. */
const restarts = 3;

/**
 * After a release: roll it back. Otherwise: more memory where it was killed for want of it, and a restart with back-off where not. Then people. What crashes after a rollback of Lifeguard's own has just been
 * released by that rollback or its undoing, whatever the finding of that moment says: no restart helps it.
 */
export const crashLoop: Remedy = {
  id: 'crash-loop',
  findings: ['crash-loop', 'oom-loop'],
  steps(finding: Finding, tried: ReadonlySet<string>): readonly RemedyStep[] {
    const { subject, release } = finding;
    if (!isWorkloadRef(subject) || tried.has('rollback-workload')) return rollBackStep(finding);
    if (finding.kind === 'oom-loop' && !isBlamed(release)) return raiseMemory(subject, finding);
    if (release !== undefined) return rollBackStep(finding);
    const reason = 'Nothing was released lately, so a fresh start is the least that may help.';
    return [{ actionId: 'restart-workload', params: { target: targetOf(subject) }, times: restarts, reason }];
  },
};

/** Not the first revision, which never had enough, and not one that only gave more memory: going back would take it away. */
function isBlamed(release: Finding['release']): boolean {
  if (release === undefined || release.fromRevision === null) return false;
  return release.changes.length === 0 || !release.changes.every(givesMemory);
}

/** As the comparison of revisions words it: `resources of app: limits.memory 64Mi -> 96Mi`. */
const memoryChange = /^resources of \S+: (?:limits|requests)\.memory (\S+) -> (\S+)$/;

function givesMemory(change: string): boolean {
  const [, from = '', to = ''] = memoryChange.exec(change) ?? [];
  return (parseQuantity(to) ?? 0) > (parseQuantity(from) ?? Infinity);
}

function raiseMemory(subject: WorkloadRef, { exemplar }: Finding): readonly RemedyStep[] {
  const container = exemplar === undefined ? {} : { container: exemplar.container };
  const params = { target: targetOf(subject), ...container, memory: raise };
  const reason =
    'It was killed at its memory limit and no release took any from it, so a little more is the least that may help.';
  return [{ actionId: 'set-resources', params, times: raises, reason }];
}
