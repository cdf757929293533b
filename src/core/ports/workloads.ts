import type { PatchOperation } from '../action.ts';
import type { JsonObject } from '../json.ts';
import type { WorkloadRef } from '../resource-ref.ts';
import type { OwnerRef } from '../views/object.ts';

/** The live state of a workload as far as actions need it. */
export interface Workload {
  readonly ref: WorkloadRef & { readonly uid: string };
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly paused: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** What controls it, if anything does: an operator's own object. */
  readonly owner: OwnerRef | undefined;
  /** `spec.template` as the API server has it. */
  readonly template: JsonObject;
  /** The revision that the template belongs to; undefined while the controller has not caught up. */
  readonly revision: number | undefined;
}

/** A pod template that this workload has had, without the labels the controller adds. */
export interface Revision {
  readonly revision: number;
  readonly name: string;
  readonly createdAt: number;
  readonly template: JsonObject;
}

/** A HorizontalPodAutoscaler. */
export interface Autoscaler {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Resources whose use it keeps at a share of what the pods request. */
  readonly shares: readonly ('cpu' | 'memory')[];
}

/** A VerticalPodAutoscaler that sets what the pods request. */
export interface VerticalAutoscaler {
  readonly name: string;
  /** `Initial`, `Recreate`, …; one that is `Off` sets nothing and is none. */
  readonly mode: string;
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface PatchRequest {
  readonly ref: WorkloadRef;
  /** JSON Patch. `test` operations guard it; one that fails is a `cluster-conflict`. */
  readonly operations: readonly PatchOperation[];
  /** True: the server validates and answers with the result, and nothing is kept. */
  readonly dryRun: boolean;
}

/**
 * Reads and changes workloads. The only way Lifeguard writes to the cluster.
 * Failures are `LifeguardError`s with a `cluster-*` code.
 */
export interface Workloads {
  read(ref: WorkloadRef): Promise<Workload | undefined>;
  /** Newest first, the current one included. */
  revisions(ref: WorkloadRef): Promise<readonly Revision[]>;
  patch(request: PatchRequest): Promise<Workload>;
  /** The autoscaler that sets how many replicas the workload has, if any. */
  autoscaler(ref: WorkloadRef): Promise<Autoscaler | undefined>;
  /** The one that sets what its pods request, if any; none where the cluster knows no such thing. */
  verticalAutoscaler(ref: WorkloadRef): Promise<VerticalAutoscaler | undefined>;
  /** Deletes this very pod, so that its owner makes a new one. One that is gone already is fine. */
  deletePod(pod: PodRef): Promise<void>;
}
