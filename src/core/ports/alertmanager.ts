import type { Matcher } from '../silence.ts';

export interface SilenceRequest {
  readonly matchers: readonly Matcher[];
  /** Epoch milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** Alertmanager's own API. Fails with `alertmanager-unreachable`, or `alertmanager-rejected` where it answers that it will not. */
export interface Alertmanager {
  /** Fingerprints of the alerts that fire, silenced and inhibited ones included. */
  firing(): Promise<ReadonlySet<string>>;
  /** Answers the new silence's id. */
  silence(request: SilenceRequest): Promise<string>;
  /** Ends a silence; one that has ended already is no failure. */
  lift(id: string): Promise<void>;
}
