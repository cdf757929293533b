import type { ResourceRef } from '../resource-ref.ts';
import type { ObjectView } from './object.ts';

export interface EventView extends ObjectView {
  readonly regarding: ResourceRef;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly count: number;
  readonly lastSeen: number;
}
