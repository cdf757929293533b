import type { Severity } from '../finding.ts';
import type { ResourceRef } from '../resource-ref.ts';
import type { Labels, ObjectView } from './object.ts';

/** An alert that fires. Its uid is the fingerprint, its name the alert's name, and it was created when it began to fire. */
export interface AlertView extends ObjectView {
  /** What its labels name most closely; kind `Alert` where they name no object. */
  readonly regarding: ResourceRef;
  /** The machine that it tells of, by name or address, where its labels name no closer object; a node of the cluster, if it is one. */
  readonly host?: string | undefined;
  readonly severity: Severity | 'none';
  readonly summary: string;
  readonly description: string;
  /** Labels that tell this alert from others of its name: `pod=web-1, container=app`. */
  readonly labels: string;
  /** What its rule watches, and all of its labels; absent where the notification does not say. */
  readonly rule?: { readonly expression: string; readonly labels: Labels } | undefined;
  readonly runbook?: string | undefined;
  readonly repeats: number;
  /** Epoch milliseconds. */
  readonly heardAt: number;
}
