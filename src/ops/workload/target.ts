import type { Refusal } from '../../core/action.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { refName, type WorkloadRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** The live workload, or why nothing can be done with it. A target with a uid means that very object, not its successor. */
export async function readTarget(
  target: WorkloadRef,
  { workloads }: ActionContext,
  paused: 'refused' | 'allowed' = 'refused',
): Promise<Workload | Refusal> {
  const live = await workloads.read(target);
  const name = `${target.kind} ${refName(target)}`;
  if (live === undefined) return { refused: `${name} does not exist (any more).` };
  if (target.uid !== undefined && target.uid !== live.ref.uid) {
    return { refused: `${name} was deleted and created again since; this was about the former one.` };
  }
  if (live.paused && paused === 'refused')
    return { refused: `${name} is paused, so a change would not roll out. Resume its rollout first.` };
  return live;
}

/** Who is touched: "3 pods, replaced as its update strategy allows". */
export function describePods({ desired, ready, ref }: Workload): string {
  const pods = desired === 1 ? '1 pod' : `${desired} pods`;
  const order =
    ref.kind === 'StatefulSet'
      ? 'replaced one by one, highest ordinal first; pods that are stuck unready are deleted so that it can go on'
      : 'replaced as its update strategy allows';
  return `${pods} of ${refName(ref)} (${ready} ready now), ${order}.`;
}
