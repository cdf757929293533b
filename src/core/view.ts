import type { ResourceRef } from './resource-ref.ts';

/** How a container run ended. Times are epoch milliseconds. */
export interface Termination {
  readonly exitCode: number;
  /** `Error`, `OOMKilled`, `Completed`, … as the kubelet words it. */
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export type ContainerState =
  | { readonly phase: 'running'; readonly startedAt: number }
  | { readonly phase: 'waiting'; readonly reason: string }
  | ({ readonly phase: 'terminated' } & Termination);

export interface ContainerView {
  readonly name: string;
  /** `init` containers run to completion; a `sidecar` is an init container that restarts always. */
  readonly role: 'main' | 'init' | 'sidecar';
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly last?: Termination;
  /** Bytes; absent when the container has no memory limit. */
  readonly memoryLimit?: number;
}

export interface OwnerRef {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodView {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  readonly deleting: boolean;
  readonly ready: boolean;
  readonly createdAt: number;
  readonly restartPolicy: string;
  readonly node?: string;
  readonly owner?: OwnerRef;
  /** Value of `controller-revision-hash` (StatefulSet, DaemonSet). */
  readonly revisionHash?: string;
  readonly containers: readonly ContainerView[];
}

export interface WorkloadView {
  readonly kind: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: number;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly paused: boolean;
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
export interface RevisionView {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: OwnerRef;
  readonly revision: number;
  readonly createdAt: number;
  /** True when an older revision was made current again, so `createdAt` is not when it was released. */
  readonly reused: boolean;
  readonly containers: readonly ContainerTemplate[];
}

export interface NodeView {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
}

export interface EventView {
  readonly uid: string;
  readonly namespace: string;
  readonly regarding: ResourceRef;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly count: number;
  readonly lastSeen: number;
}

/**
 * What is known of the cluster now: the slim objects and the owner graph between them. Detectors read it and nothing else.
 * The watcher keeps one for the whole cluster; verification reads one freshly made for a single workload.
 */
export interface ClusterView {
  workload(ref: ResourceRef): WorkloadView | undefined;
  workloads(): Iterable<WorkloadView>;
  /** Pods that roll up to `ref` (through ReplicaSets), or the bare pod itself. */
  podsOf(ref: ResourceRef): readonly PodView[];
  /** Revisions of a workload, newest first. */
  revisionsOf(ref: ResourceRef): readonly RevisionView[];
  /** The topmost owner of a pod that the view knows; the pod itself when it has none. */
  ownerOf(pod: PodView): ResourceRef;
  eventsOf(ref: ResourceRef): readonly EventView[];
  nodes(): Iterable<NodeView>;
}
