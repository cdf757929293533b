export interface PodLogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The log of the container's run before the present one, or before the newest where none runs; of the newest where that is all that is left. */
  readonly previous: boolean;
  /** How many of the last lines. */
  readonly tail: number;
}

/** The last lines of a container's log, oldest first, redacted; empty when there is none. */
export interface PodLogs {
  read(request: PodLogRequest, signal?: AbortSignal): Promise<readonly string[]>;
}
