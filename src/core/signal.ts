import type { ViewKind, ViewTypes } from './view.ts';

/** A slim object together with what it is. */
export type Observation<K extends ViewKind = ViewKind> = {
  readonly [P in K]: { readonly kind: P; readonly object: ViewTypes[P] };
}[K];

/** One collection of the Kubernetes API, or the part of it in one namespace. */
export interface Stream {
  /** The source's id, with the namespace where it is limited to one. */
  readonly name: string;
  readonly kind: ViewKind;
  /** Undefined: the whole cluster. */
  readonly namespace?: string;
}

/** One normalised observation of the outside world. */
export type Signal =
  /** Everything the stream has now; what it had before and does not list again is gone. */
  | { readonly type: 'listed'; readonly stream: Stream; readonly observations: readonly Observation[] }
  | { readonly type: 'seen'; readonly stream: Stream; readonly observation: Observation }
  | { readonly type: 'gone'; readonly stream: Stream; readonly observation: Observation };
