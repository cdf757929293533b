import type { Finding } from '../../core/finding.ts';
import type { Json } from '../../core/json.ts';
import { isWorkloadRef, type ResourceRef } from '../../core/resource-ref.ts';
import type { RemedyStep } from '../remedy.ts';

/** Rolling back the release that the trouble follows; nothing where it follows none. */
export function rollBackStep({ subject, release }: Finding): readonly RemedyStep[] {
  if (!isWorkloadRef(subject) || release === undefined) return [];
  const reason = `The trouble began with revision ${release.toRevision}, so the revision before it is the likely cure.`;
  return [{ actionId: 'rollback-workload', params: { target: targetOf(subject) }, times: 1, reason }];
}

/** An object as the parameters of actions name it. */
export function targetOf({ kind, namespace, name, uid }: ResourceRef): Json {
  return uid === undefined ? { kind, namespace, name } : { kind, namespace, name, uid };
}
