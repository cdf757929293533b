import type { EventView, NodeView, PodView, RevisionView, WorkloadView } from './view.ts';

/** A slim object together with what it is. */
export type Observation =
  | { readonly kind: 'pod'; readonly object: PodView }
  | { readonly kind: 'workload'; readonly object: WorkloadView }
  | { readonly kind: 'revision'; readonly object: RevisionView }
  | { readonly kind: 'node'; readonly object: NodeView }
  | { readonly kind: 'event'; readonly object: EventView };

/** One normalised observation of the outside world. */
export type Signal =
  /** Everything the source has now; what it had before and does not list again is gone. */
  | { readonly type: 'listed'; readonly source: string; readonly observations: readonly Observation[] }
  | { readonly type: 'seen'; readonly source: string; readonly observation: Observation }
  | { readonly type: 'gone'; readonly source: string; readonly observation: Observation };
