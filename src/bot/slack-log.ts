import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../core/ports/log.ts';

/**
 * What Slack's libraries say, on our log. Their debug lines hold whole payloads, so those are dropped; their warnings and errors are mostly
 * steps of a reconnect that the bot reports itself, so they are kept low.
 */
export function createSlackLog(log: Log): Logger {
  const tell = (...parts: readonly unknown[]): void =>
    log.debug('a Slack library says', { detail: parts.map(String).join(' ') });
  return {
    debug: () => undefined,
    info: tell,
    warn: tell,
    error: tell,
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
