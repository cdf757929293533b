import type { Matcher, Silence } from '../silence.ts';

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
  /** The alerts that fire, silenced and inhibited ones included: fingerprint -> ids of the silences that hold for it. */
  firing(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Those that it knows, expired ones of the last days included. */
  silences(): Promise<readonly Silence[]>;
  /** Answers the new silence's id. */
  silence(request: SilenceRequest): Promise<string>;
  /** Ends a silence; one that has ended already is no failure. */
  lift(id: string): Promise<void>;
}
