import type { ResourceRef } from '../resource-ref.ts';
import type { ClusterView } from '../view.ts';

/** Reads a fresh view of one workload from the live cluster: the workload, its revisions, its pods. */
export interface Observer {
  observe(ref: ResourceRef): Promise<ClusterView>;
}
