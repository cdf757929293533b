import type { ConfigMapUse } from './config-map.ts';
import type { ConditionView, Labels, ObjectView, OwnerRef } from './object.ts';

export interface PortView {
  readonly name?: string | undefined;
  readonly number: number;
}

/** How the kubelet asks a container, in words: `GET :8080/ready every 10 s, 3 failures`. */
export interface ProbesView {
  readonly liveness?: string | undefined;
  readonly readiness?: string | undefined;
  readonly startup?: string | undefined;
}

export interface ContainerSpecView {
  readonly name: string;
  readonly ports: readonly PortView[];
  readonly probes: ProbesView;
}

/** What is needed of a pod template to judge what points at it. */
export interface TemplateView {
  readonly labels: Labels;
  readonly containers: readonly ContainerSpecView[];
}

export interface WorkloadView extends ObjectView {
  readonly kind: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly paused: boolean;
  /** Of Deployments. */
  readonly conditions: readonly ConditionView[];
  /** How pods are replaced: `RollingUpdate`, `Recreate` or `OnDelete`. */
  readonly strategy: string;
  /** Of a StatefulSet: pods of a lower ordinal keep their revision on purpose. */
  readonly partition?: number | undefined;
  /** As written (`25%`, `1`, `0`); absent where the kind has none. */
  readonly maxSurge?: string | undefined;
  readonly maxUnavailable?: string | undefined;
  readonly template: TemplateView;
  /** Those that its pods read; absent where there are none. */
  readonly configMaps?: readonly ConfigMapUse[] | undefined;
  /** Only those under `lifeguard.dev/`, without the prefix. */
  readonly annotations: Labels;
  /** Who last wrote the number of replicas, and when (from the field managers). A write of 0 through the scale subresource leaves no trace. */
  readonly scaled?: { readonly by: string; readonly at: number } | undefined;
}

export interface ContainerTemplate {
  readonly name: string;
  readonly image: string;
  /** Literal values are redacted at the edge where the name or the value looks like a secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: string;
  /** `requests.cpu`, `limits.memory`, … as written. */
  readonly resources: Readonly<Record<string, string>>;
}

/** One revision of a pod template: a ReplicaSet of a Deployment, or a ControllerRevision. */
export interface RevisionView extends ObjectView {
  readonly owner: OwnerRef;
  readonly revision: number;
  /** True when an older revision was made current again, so `createdAt` is not when it was released. */
  readonly reused: boolean;
  readonly containers: readonly ContainerTemplate[];
  /** Of a ReplicaSet: when its controller last wrote the number of replicas, epoch milliseconds. */
  readonly scaledAt?: number | undefined;
  /** Of a ReplicaSet: why pods could not be created. */
  readonly failure?: ConditionView | undefined;
}
