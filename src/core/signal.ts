import type { EventView, NodeView, PodView, RevisionView, WorkloadView } from './view.ts';

/** A slim object together with what it is. */
export type Observation =
  | { readonly kind: 'pod'; readonly object: PodView }
  | { readonly kind: 'workload'; readonly object: WorkloadView }
  | { readonly kind: 'revision'; readonly object: RevisionView }
  | { readonly kind: 'node'; readonly object: NodeView }
  | { readonly kind: 'event'; readonly object: EventView };

export type ObservationKind = Observation['kind'];

/** One normalised observation of the outside world. */
export type Signal =
  | { readonly type: 'seen'; readonly observation: Observation }
  | { readonly type: 'gone'; readonly kind: ObservationKind; readonly uid: string }
  /** A source has delivered its full list; everything it did not list again is gone. */
  | { readonly type: 'synced'; readonly source: string };
