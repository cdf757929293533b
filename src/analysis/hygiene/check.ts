import type { Inventory } from '../../core/inventory.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';

interface Untidy {
  readonly subject: ResourceRef;
  /** What exactly: `container app`. */
  readonly detail: string;
}

/** Something that breaks nothing today: told in a weekly report, never as an incident. Pure. */
export interface HygieneCheck {
  readonly id: string;
  /** What it is: `requests are missing`. */
  readonly title: string;
  /** Why it matters, one sentence. */
  readonly why: string;
  /** Undefined where what it needs may not be read. */
  readonly find: (inventory: Inventory) => readonly Untidy[] | undefined;
}
