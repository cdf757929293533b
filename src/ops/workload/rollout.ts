import type { Workload } from '../../core/ports/workloads.ts';
import { isWorkloadRef, type WorkloadRef } from '../../core/resource-ref.ts';
import type { PodView } from '../../core/views/pod.ts';
import type { Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { applyInverse, applyPatch } from './patch.ts';

/** Applies the plan, and lets go of pods that would keep it from rolling out. */
export async function applyAndRollOut(run: Run, context: ActionContext): Promise<void> {
  await applyPatch(run, context);
  await releaseStuckPods(run, context);
}

/** Undoes the plan, likewise. */
export async function undoAndRollOut(run: Run, context: ActionContext): Promise<void> {
  await applyInverse(run, context);
  await releaseStuckPods(run, context);
}

/**
 * A StatefulSet does not replace a pod that never became ready, even when its template was put right: such pods must be deleted by hand
 * (Kubernetes documentation, StatefulSets, "Forced rollback"). Only pods of a revision that is no longer wanted, and only unready ones.
 */
async function releaseStuckPods({ plan }: Run, context: ActionContext): Promise<void> {
  const { target } = plan;
  const { workloads, observer } = context;
  if (target.kind !== 'StatefulSet' || !isWorkloadRef(target)) return;
  const live = await readObserved(target, context);
  const view = await observer.observe(target);
  const wanted = view.revisionsOf(target).find((revision) => revision.revision === live?.revision);
  if (wanted === undefined) return;
  const stuck = view
    .podsOf(target)
    .filter((pod) => !pod.ready && pod.deletion === undefined && !isOf(pod, wanted.name));
  for (const { namespace, name, uid } of stuck) await workloads.deletePod({ namespace, name, uid });
}

function isOf(pod: PodView, revisionName: string): boolean {
  return pod.revisionHash !== undefined && revisionName.endsWith(pod.revisionHash);
}

/** How often, and how many milliseconds apart, it is looked whether the controller has taken a change in. */
const looks = 20;
const lookEveryMs = 250;

/** The workload once its controller has seen the newest template: a pod deleted before that would come back with the old one. */
async function readObserved(ref: WorkloadRef, { workloads, clock }: ActionContext): Promise<Workload | undefined> {
  for (let look = 0; look < looks; look += 1) {
    const live = await workloads.read(ref);
    if (live === undefined || (live.observedGeneration >= live.generation && live.revision !== undefined)) return live;
    await new Promise<void>((resolve) => clock.schedule(clock.now() + lookEveryMs, resolve));
  }
  return undefined;
}
