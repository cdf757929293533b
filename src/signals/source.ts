import type { RbacRule } from '../core/action.ts';
import type { JsonObject } from '../core/json.ts';
import type { Observation } from '../core/signal.ts';
import type { ViewKind, ViewTypes } from '../core/view.ts';

/** One collection of the Kubernetes API that the watcher reads, and how it becomes an observation. */
export interface Source<K extends ViewKind = ViewKind> {
  readonly id: string;
  readonly kind: K;
  readonly rbac: RbacRule;
  /** Path of the collection within a namespace, or cluster-wide when `namespace` is undefined. */
  readonly path: (namespace: string | undefined) => string;
  readonly fieldSelector?: string | undefined;
  /** True where nothing but the metadata of the objects is asked of the server. */
  readonly metadataOnly: boolean;
  /** True where clusters may lack the API; its absence is no trouble. */
  readonly optional: boolean;
  /** Undefined for objects that nobody asks about. */
  readonly slim: (raw: JsonObject) => Observation<K> | undefined;
}

interface SourceDefinition<K extends ViewKind> {
  readonly kind: K;
  /** Empty for the core group. */
  readonly apiGroup: string;
  /** Default `v1`. */
  readonly version?: string;
  readonly resource: string;
  /** Default: namespaced. */
  readonly scope?: 'namespaced' | 'cluster';
  readonly fieldSelector?: string;
  readonly optional?: boolean;
  readonly metadataOnly?: boolean;
  readonly slim: (raw: JsonObject) => ViewTypes[K] | undefined;
}

export function defineSource<K extends ViewKind>(definition: SourceDefinition<K>): Source<K> {
  const { kind, apiGroup, version = 'v1', resource, scope = 'namespaced', optional = false } = definition;
  const root = apiGroup === '' ? `/api/${version}` : `/apis/${apiGroup}/${version}`;
  const isWhole = (namespace: string | undefined): boolean => namespace === undefined || scope === 'cluster';
  return {
    id: resource,
    kind,
    optional,
    fieldSelector: definition.fieldSelector,
    metadataOnly: definition.metadataOnly === true,
    rbac: { apiGroup, resource, verbs: ['get', 'list', 'watch'] },
    path: (namespace) => (isWhole(namespace) ? `${root}/${resource}` : `${root}/namespaces/${namespace}/${resource}`),
    slim(raw) {
      const object = definition.slim(raw);
      return object === undefined ? undefined : { kind, object };
    },
  };
}
