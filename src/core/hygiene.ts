import type { ResourceRef } from './resource-ref.ts';

/** What one check found. */
export interface HygieneResult {
  readonly title: string;
  readonly why: string;
  /** Undefined where what it needs may not be read. */
  readonly found: readonly { readonly subject: ResourceRef; readonly detail: string }[] | undefined;
}
