import type { Finding } from '../../core/finding.ts';
import type { Json } from '../../core/json.ts';
import { isWorkloadRef, type WorkloadRef } from '../../core/resource-ref.ts';
import type { Remedy, RemedyStep } from '../remedy.ts';

/** Restarts tried for one incident; the guardrail on attempts spaces them. */
const restarts = 3;

/** After a release: roll it back. Otherwise: restart with back-off. Then people. */
export const crashLoop: Remedy = {
  id: 'crash-loop',
  findings: ['crash-loop', 'oom-loop'],
  steps: ({ subject, release }: Finding): readonly RemedyStep[] => {
    if (!isWorkloadRef(subject)) return [];
    const params = { target: toJson(subject) };
    if (release === undefined) {
      return [
        {
          actionId: 'restart-workload',
          params,
          times: restarts,
          reason: 'Nothing was released lately, so a fresh start is the least that may help.',
        },
      ];
    }
    const reason = `The trouble began with revision ${release.toRevision}, so the revision before it is the likely cure.`;
    return [{ actionId: 'rollback-workload', params, times: 1, reason }];
  },
};

function toJson({ kind, namespace, name, uid }: WorkloadRef): Json {
  return uid === undefined ? { kind, namespace, name } : { kind, namespace, name, uid };
}
