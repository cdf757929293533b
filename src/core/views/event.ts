import type { ResourceRef } from '../resource-ref.ts';
import type { ObjectView } from './object.ts';

export interface EventView extends ObjectView {
  readonly regarding: ResourceRef;
  /** The container of the pod that it is about, where it is about one. */
  readonly container?: string | undefined;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly count: number;
  readonly lastSeen: number;
}
