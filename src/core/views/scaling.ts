import type { ObjectView } from './object.ts';

/** What a HorizontalPodAutoscaler did lately. Its name is the autoscaler's. */
export interface ScalingView extends ObjectView {
  /** Each number of replicas that it set and when (epoch milliseconds), the newest first. */
  readonly sizes: readonly { readonly at: number; readonly replicas: number }[];
}
