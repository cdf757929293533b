import type { Identity } from '../identity.ts';
import type { Objects } from './objects.ts';
import type { Workloads } from './workloads.ts';

/** One thing that one may do or not. */
export interface Right {
  readonly apiGroup: string;
  /** Plural, with its subresource: `pods/eviction`. */
  readonly resource: string;
  readonly verb: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  /** Undefined: any of them. */
  readonly name: string | undefined;
}

/** Where writes go. */
export interface Hands {
  readonly workloads: Workloads;
  readonly objects: Objects;
}

/** What other people may do in the cluster, and doing it as them. Failures are `LifeguardError`s with a `cluster-*` code. */
export interface Access {
  /** Those of the rights that they do not have. */
  missing(identity: Identity, rights: readonly Right[]): Promise<readonly Right[]>;
  /** Writes are theirs, dry runs too: what they may not do is `cluster-forbidden`. Reads stay Lifeguard's own. */
  as(identity: Identity): Hands;
}
