import type { LogLine, LogOrigin } from '../log-record.ts';

export interface LogQuery {
  readonly namespace: string;
  /** By name. */
  readonly pods: readonly string[];
  /** Absent: all containers. */
  readonly container?: string;
  /** Epoch milliseconds; the first is in it, the last is not. */
  readonly from: number;
  readonly to: number;
  /** The newest lines count where there are more. */
  readonly limit: number;
  /** Only lines that contain this, upper and lower case alike. */
  readonly contains?: string;
}

/** A line that people may see: redacted. */
export interface ReadLine extends LogLine, LogOrigin {}

/** What was written; some sources also know pods that are gone. Fails with `logs-unreachable` or `logs-rejected`. */
export interface LogSource {
  /** Its id: `loki`, `pods`, `pushed`. */
  readonly id: string;
  /** Redacted lines, oldest first. */
  read(query: LogQuery, signal?: AbortSignal): Promise<readonly ReadLine[]>;
}

export interface FollowedLog {
  readonly origin: LogOrigin;
  /** Lines from here on, epoch milliseconds. */
  readonly from: number;
  /** Raw lines as they come, oldest first; not redacted, so that they must not leave the process. Nothing more is read while it runs. */
  readonly onLines: (lines: readonly LogLine[]) => void;
  /** It cannot be read, in one sentence; it goes on by itself. `undefined` once it works again. */
  readonly onTrouble: (problem: string | undefined) => void;
  readonly signal: AbortSignal;
}

/**
 * Listens to one container, through its restarts. Goes on by itself after every failure, from where it was; returns when `signal` aborts, or once the pod is
 * gone where it can know that.
 */
export interface LogFollower {
  follow(log: FollowedLog): Promise<void>;
}
