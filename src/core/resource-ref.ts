import { z } from 'zod';

/** Names one object of the cluster. Two refs are the same object only if their `uid` agrees where both have one. */
export const ResourceRef = z.object({
  kind: z.string().min(1),
  /** Empty for cluster-scoped objects. */
  namespace: z.string(),
  name: z.string().min(1),
  uid: z.string().optional(),
});
export type ResourceRef = Readonly<z.infer<typeof ResourceRef>>;

export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export const WorkloadKind = z.enum(workloadKinds);
export type WorkloadKind = z.infer<typeof WorkloadKind>;

/** A workload whose pod template has a revision history. */
export const WorkloadRef = ResourceRef.extend({ kind: WorkloadKind });
export type WorkloadRef = Readonly<z.infer<typeof WorkloadRef>>;

export function isWorkloadRef(ref: ResourceRef): ref is WorkloadRef {
  return workloadKinds.some((kind) => kind === ref.kind);
}

/** `Deployment shop/checkout`: identity without the uid, stable across re-creation. */
export function refKey(ref: ResourceRef): string {
  return `${ref.kind} ${refName(ref)}`;
}

/** `shop/checkout`, or the bare name of a cluster-scoped object. */
export function refName(ref: ResourceRef): string {
  return ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
}
