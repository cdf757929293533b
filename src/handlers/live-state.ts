import { isWorkloadRef, type ResourceRef } from '../core/resource-ref.ts';
import type { DeskContext } from './context.ts';

/** How a workload does now, in a sentence: `1 of 3 pods ready, revision 2.` Undefined for what has no pods of its own. */
export async function describeLive(subject: ResourceRef, { ops }: DeskContext): Promise<string | undefined> {
  if (!isWorkloadRef(subject)) return undefined;
  const { uid: _former, ...identity } = subject;
  const live = await ops.workloads.read(identity);
  if (live === undefined) return 'It does not exist (any more).';
  const revision = live.revision === undefined ? '' : `, revision ${live.revision}`;
  return `${live.ready} of ${live.desired} pods ready${revision}${live.paused ? ', paused' : ''}.`;
}
