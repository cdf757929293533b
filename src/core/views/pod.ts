import type { Labels, ObjectView, OwnerRef } from './object.ts';

/** How a container run ended. Times are epoch milliseconds. */
export interface Termination {
  readonly exitCode: number;
  /** `Error`, `OOMKilled`, `Completed`, … as the kubelet words it. */
  readonly reason: string;
  readonly message?: string | undefined;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export type ContainerState =
  | { readonly phase: 'running'; readonly startedAt: number }
  | { readonly phase: 'waiting'; readonly reason: string; readonly message?: string | undefined }
  | ({ readonly phase: 'terminated' } & Termination);

export interface ContainerView {
  readonly name: string;
  /** `init` containers run to completion; a `sidecar` is an init container that restarts always. */
  readonly role: 'main' | 'init' | 'sidecar';
  readonly image: string;
  readonly ready: boolean;
  /** False while a startup probe has not succeeded. */
  readonly started: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly last?: Termination | undefined;
  /** Bytes; absent when the container has no memory limit. */
  readonly memoryLimit?: number | undefined;
  /** Cores; absent when it has no limit of CPU. */
  readonly cpuLimit?: number | undefined;
}

/** Why no node takes the pod, in the scheduler's words. */
export interface SchedulingView {
  readonly reason: string;
  readonly message: string;
  readonly since: number;
  /** Labels that it wants its node to have; absent where it wants none. */
  readonly selector?: Labels;
}

export interface PodView extends ObjectView {
  readonly phase: string;
  readonly ready: boolean;
  /** Epoch milliseconds at which readiness last changed; absent before the kubelet has said anything. */
  readonly readySince?: number | undefined;
  readonly restartPolicy: string;
  readonly node?: string | undefined;
  readonly owner?: OwnerRef | undefined;
  /** Value of `controller-revision-hash` (StatefulSet, DaemonSet) or `pod-template-hash` (Deployment). */
  readonly revisionHash?: string | undefined;
  /** True where its resources are meant to differ from its template: resized in place, or set by an autoscaler that says so. */
  readonly adjusted?: boolean | undefined;
  /** Of the pod as a whole: `Evicted`, `NodeLost`, … with the kubelet's words. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** Present while no node has been found. */
  readonly unscheduled?: SchedulingView | undefined;
  /** What the scheduler reserves for it: cores and bytes. */
  readonly requests: { readonly cpu: number; readonly memory: number };
  /** Names of the PersistentVolumeClaims that it mounts; absent where there are none. */
  readonly claims?: readonly string[] | undefined;
  readonly containers: readonly ContainerView[];
}
