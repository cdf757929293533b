export type LogFields = Readonly<Record<string, unknown>>;

/** The process's own log. Messages are static sentences; what varies goes into `fields`. Secrets are redacted behind the port. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
