import type { RbacRule } from '../core/action.ts';
import type { JsonObject } from '../core/json.ts';
import type { Observation } from '../core/signal.ts';

/** One collection of the Kubernetes API that the watcher reads, and how it becomes an observation. */
export interface Source {
  readonly id: string;
  readonly rbac: RbacRule;
  /** Path of the collection within a namespace, or cluster-wide when `namespace` is undefined. */
  readonly path: (namespace: string | undefined) => string;
  /** Undefined for objects that nobody asks about. */
  readonly slim: (raw: JsonObject) => Observation | undefined;
}

interface NamespacedSource {
  readonly id: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  readonly slim: Source['slim'];
}

/** A source for version v1 of a namespaced resource. */
export function namespacedSource({ id, apiGroup, resource, slim }: NamespacedSource): Source {
  const root = apiGroup === '' ? '/api/v1' : `/apis/${apiGroup}/v1`;
  return {
    id,
    rbac: { apiGroup, resource, verbs: ['get', 'list', 'watch'] },
    path: (namespace) =>
      namespace === undefined ? `${root}/${resource}` : `${root}/namespaces/${namespace}/${resource}`,
    slim,
  };
}
