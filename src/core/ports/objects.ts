import type { PatchOperation } from '../action.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceRef } from '../resource-ref.ts';

/** Kinds that are changed besides workloads. */
export type ObjectKind = 'Node' | 'CronJob' | 'HorizontalPodAutoscaler';

/** The live state of an object as far as actions need it. */
export interface LiveObject {
  readonly ref: ResourceRef & { readonly uid: string };
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
}

/** Reads and changes objects that make no pods by a template. Failures are `LifeguardError`s with a `cluster-*` code. */
export interface Objects {
  /** Undefined where there is none, or where the name now belongs to another object than `ref.uid`. */
  read(ref: ResourceRef): Promise<LiveObject | undefined>;
  /** JSON Patch; a `test` that fails is a `cluster-conflict`. A dry run is validated and not kept. */
  patch(request: {
    readonly ref: ResourceRef;
    readonly operations: readonly PatchOperation[];
    readonly dryRun: boolean;
  }): Promise<LiveObject>;
  /** Those that `words` name: `name`, or `namespace/name`. */
  find(kind: ObjectKind, words: string): Promise<readonly ResourceRef[]>;
}
