import type { PatchOperation } from '../action.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceRef } from '../resource-ref.ts';
import type { Deletion, OwnerRef } from '../views/object.ts';

/** Kinds that are read as they are, and changed; the state of a workload is read from `Workloads`. Secrets are none of them: their content is never read. */
export type ObjectKind =
  | 'Node'
  | 'Pod'
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'Job'
  | 'CronJob'
  | 'HorizontalPodAutoscaler'
  | 'ConfigMap'
  | 'Service'
  | 'Ingress'
  | 'PersistentVolumeClaim'
  | 'PodDisruptionBudget'
  | 'StorageClass';

/** The live state of an object as far as actions need it. */
export interface LiveObject {
  readonly ref: ResourceRef & { readonly uid: string };
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** What controls it, if anything does. */
  readonly owner: OwnerRef | undefined;
  readonly finalizers: readonly string[];
  /** Present once deletion was asked for. */
  readonly deletion: Deletion | undefined;
  readonly spec: JsonObject;
  readonly status: JsonObject;
  /** Of a ConfigMap; empty for all others. */
  readonly data: JsonObject;
  /** Of a ConfigMap, base64; empty for all others. */
  readonly binaryData: JsonObject;
  /** Of a ConfigMap whose content the API server lets nobody change. */
  readonly immutable: boolean;
  /** Of a StorageClass. */
  readonly allowsExpansion: boolean;
}

/** A write that may be tried without being kept. */
interface Trial {
  /** True: the server validates, and nothing is kept. */
  readonly dryRun: boolean;
}

interface ObjectPatch extends Trial {
  readonly ref: ResourceRef;
  /** JSON Patch; a `test` that fails is a `cluster-conflict`. */
  readonly operations: readonly PatchOperation[];
  /** `resize`: changes the resources of a running pod. */
  readonly part?: 'resize';
}

interface Removal extends Trial {
  readonly ref: ResourceRef & { readonly uid: string };
}

interface Creation extends Trial {
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly body: JsonObject;
}

/** Where objects are listed; `node` and `name` narrow it. */
export interface Shelf {
  readonly kind: ObjectKind;
  /** All where absent. */
  readonly namespace?: string | undefined;
  readonly name?: string;
  /** Pods that run on this node. */
  readonly node?: string;
}

/** Reads and changes objects that make no pods by a template. Failures are `LifeguardError`s with a `cluster-*` code. */
export interface Objects {
  /** Undefined where there is none, or where the name now belongs to another object than `ref.uid`. */
  read(ref: ResourceRef): Promise<LiveObject | undefined>;
  list(shelf: Shelf): Promise<readonly LiveObject[]>;
  patch(request: ObjectPatch): Promise<LiveObject>;
  /** One that exists already is a `cluster-conflict`. */
  create(request: Creation): Promise<LiveObject>;
  /** What it owns goes with it. One that is gone already, or whose name is another's now, is fine. */
  remove(request: Removal): Promise<void>;
  /** Lets a pod go as its disruption budgets allow: undefined where it goes or is gone, otherwise the sentence that says which budget holds it. */
  evict(request: Removal): Promise<string | undefined>;
}
