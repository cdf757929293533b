import type { PagerEvent } from '../attention.ts';
import type { Severity } from '../finding.ts';

export interface Page {
  readonly event: PagerEvent;
  /** The same for all events of one incident. */
  readonly key: string;
  readonly summary: string;
  readonly severity: Severity;
  /** Where it is wrong: the cluster. */
  readonly source: string;
  readonly details: Readonly<Record<string, string>>;
  /** Address of the thread. */
  readonly link?: string | undefined;
}

/** Wakes people up outside Slack. Failures are `LifeguardError`s: `pager-unreachable` (again later), `pager-rejected` (it will not work as it is). */
export interface Pager {
  send(page: Page): Promise<void>;
}
