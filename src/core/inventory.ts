import type { ResourceRef } from './resource-ref.ts';

export interface DeclaredContainer {
  readonly name: string;
  readonly image: string;
  readonly privileged: boolean;
  /** What the scheduler is told that it needs. */
  readonly requests: { readonly cpu: boolean; readonly memory: boolean };
}

/** Something that makes pods, as its authors declared it. */
export interface DeclaredWorkload {
  readonly ref: ResourceRef;
  readonly containers: readonly DeclaredContainer[];
  /** What of its node it takes part in: `hostNetwork`, `hostPID`, `hostIPC`, `hostPath /var/run`. */
  readonly hostAccess: readonly string[];
  /** Names of the ConfigMaps that its pods read. */
  readonly configMaps: readonly string[];
}

/** What is declared in the cluster, read once. */
export interface Inventory {
  readonly workloads: readonly DeclaredWorkload[];
  /** Those that people made; absent where they may not be listed. */
  readonly configMaps?: readonly ResourceRef[];
}
