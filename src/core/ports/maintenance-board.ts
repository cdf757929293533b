/** A time in which what breaks in a namespace is meant to, announced by a person. Times are epoch milliseconds. */
export interface AnnouncedMaintenance {
  readonly namespace: string;
  readonly until: number;
  /** Slack user id. */
  readonly by: string;
  readonly reason: string;
}

/** Announcements by hand; one for each namespace, the last word counts. */
export interface MaintenanceBoard {
  announce(maintenance: AnnouncedMaintenance): Promise<void>;
  /** Those that have not ended. */
  all(): Promise<readonly AnnouncedMaintenance[]>;
}
