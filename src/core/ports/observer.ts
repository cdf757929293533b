import type { ResourceRef, WorkloadRef } from '../resource-ref.ts';
import type { ClusterView } from '../view.ts';

/** Reads the live cluster where a person or a verification asks. */
export interface Observer {
  /** A fresh view of one workload: itself, its revisions, its pods. Empty where it does not exist. */
  observe(ref: ResourceRef): Promise<ClusterView>;
  /** Workloads that a person may mean: `name`, `namespace/name` or `kind/namespace/name`. */
  find(words: string): Promise<readonly WorkloadRef[]>;
}
