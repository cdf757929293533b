import { readPath } from '../../core/json.ts';
import { referencesOf } from '../../core/pod-references.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { isWorkloadRef, type ResourceRef, refKey, type WorkloadRef, workloadKinds } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** Workloads of its namespace whose pods use the ConfigMap or the Secret, by name. */
export async function findConsumers(target: ResourceRef, context: ActionContext): Promise<readonly Workload[]> {
  const { kind, namespace, name } = target;
  const found = await Promise.all(
    workloadKinds.map(async (one) => await context.objects.list({ kind: one, namespace })),
  );
  const users = found.flat().filter(({ spec }) => {
    const { configMaps, secrets } = referencesOf(readPath(spec, 'template', 'spec'));
    return (kind === 'Secret' ? secrets : configMaps).includes(name);
  });
  const refs = users.flatMap(({ ref }) => (isWorkloadRef(ref) ? [ref] : []));
  const live = await readAll(refs, context);
  return live.toSorted((a, b) => refKey(a.ref).localeCompare(refKey(b.ref)));
}

/** Those that are still there. */
export async function readAll(
  refs: readonly WorkloadRef[],
  { workloads }: ActionContext,
): Promise<readonly Workload[]> {
  return (await Promise.all(refs.map((ref) => workloads.read(ref)))).filter((live) => live !== undefined);
}
