import type { ConditionView, Labels, ObjectView } from './object.ts';

export interface NodeView extends ObjectView {
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** Epoch milliseconds at which the node was cordoned, where its taint or its field managers say so. */
  readonly cordonedAt?: number | undefined;
  /** The taint of an autoscaler that is about to remove the node. */
  readonly removal?: string | undefined;
  readonly conditions: readonly ConditionView[];
  /** Its addresses and host names, other than its own name. */
  readonly addresses: readonly string[];
  /** Cores, bytes and pods that it offers. */
  readonly allocatable: { readonly cpu: number; readonly memory: number; readonly pods: number };
}

export interface VolumeClaimView extends ObjectView {
  readonly phase: string;
  /** Empty: none wanted. Absent: the default one. */
  readonly storageClass?: string | undefined;
  readonly volume?: string | undefined;
  /** The node of the first pod that uses it, once the scheduler has chosen one. */
  readonly selectedNode?: string | undefined;
  /** Bytes. */
  readonly requested: number;
  /** True where nobody may write to it. */
  readonly readOnly: boolean;
}

export interface DisruptionBudgetView extends ObjectView {
  /** As written: `minAvailable 1`, `maxUnavailable 0`. */
  readonly rule: string;
  /** Absent where it is more than equalities. */
  readonly selector?: Labels | undefined;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly allowed: number;
  readonly expectedPods: number;
  readonly conditions: readonly ConditionView[];
}

/** A HorizontalPodAutoscaler. */
export interface AutoscalerView extends ObjectView {
  readonly target: { readonly kind: string; readonly name: string };
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired: number;
  /** Epoch milliseconds at which it last changed the number of replicas. */
  readonly lastScaledAt?: number | undefined;
  readonly conditions: readonly ConditionView[];
}

export interface NamespaceView extends ObjectView {
  readonly labels: Labels;
  readonly conditions: readonly ConditionView[];
  readonly annotations: Labels;
}
