import { hasCode } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { FollowedLog, LogFollower } from '../../core/ports/log-source.ts';
import { pause } from '../pause.ts';
import { reportChanges } from '../troubles.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { failureOfConnection } from './failures.ts';
import type { HttpClient } from './http-client.ts';
import { createLogPosition, type LogPosition } from './log-position.ts';
import { isNoLog, readLog, type StampedLine } from './log-stream.ts';
import { startStallDetector } from './stall.ts';

export interface LogFollowerOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Numbers from 0 to 1, for jitter. */
  readonly random: () => number;
}

/** A connection that stays open this long works, milliseconds. */
const healthyAfterMs = 1_000;

/** A quiet log and a dead connection look the same: after this long without a byte another one is opened, milliseconds. */
const silenceMs = 180_000;

/**
 * Follows logs through the API, each over a connection of its own. Every connection first reads the run before the present one from where it was,
 * so that a container that was restarted meanwhile loses nothing; more than one restart may.
 */
export function createLogFollower(options: LogFollowerOptions): LogFollower {
  return {
    async follow(log) {
      const { clock, random } = options;
      const following: Following = {
        ...options,
        log,
        position: createLogPosition(log.from, () => clock.now()),
        backOff: createBackOff(random),
        report: reportChanges((problem) => {
          if (!log.signal.aborted) log.onTrouble(problem);
        }),
      };
      for (let delay = await attempt(following); delay !== 'gone'; delay = await attempt(following)) {
        await pause(clock, delay, log.signal);
        if (log.signal.aborted) return;
      }
    },
  };
}

interface Following extends LogFollowerOptions {
  readonly log: FollowedLog;
  readonly position: LogPosition;
  readonly backOff: BackOff;
  readonly report: (problem: string | undefined) => void;
}

/** One connection, to its end. Answers how many milliseconds to wait before the next. */
async function attempt(following: Following): Promise<number | 'gone'> {
  const { http, log, position, backOff, report } = following;
  if (log.signal.aborted) return 0;
  try {
    position.reopen();
    await readPrevious(following);
    await readPresent(following);
    return backOff.failed();
  } catch (error) {
    if (log.signal.aborted) return 0;
    if (hasCode(error, 'cluster-not-found')) return 'gone';
    const failure = failureOfConnection(error, http.server);
    report(isNoLog(failure) ? undefined : `${failure.message.replace(/\.$/, '')}; retrying.`);
    return backOff.failed(failure.retryAfterMs);
  }
}

async function readPrevious({ http, log, position }: Following): Promise<void> {
  const read = { origin: log.origin, previous: true, follow: false, since: position.since(), signal: log.signal };
  try {
    await readLog(http, { ...read, onLines: (lines) => tell(lines, log, position) });
  } catch (error) {
    if (!isNoLog(error) || hasCode(error, 'cluster-not-found')) throw error;
  }
}

/** Until the run is over, or the connection fell silent. */
async function readPresent({ http, clock, log, position, backOff, report }: Following): Promise<void> {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, log.signal]);
  const stall = startStallDetector(clock, silenceMs, () => controller.abort());
  let cancel: (() => void) | undefined;
  try {
    await readLog(http, {
      origin: log.origin,
      previous: false,
      follow: true,
      since: position.since(),
      signal,
      onOpen() {
        cancel = clock.schedule(clock.now() + healthyAfterMs, () => report(undefined));
      },
      onBytes: () => stall.touch(),
      onLines(lines) {
        if (!tell(lines, log, position)) return;
        backOff.succeeded();
        report(undefined);
      },
    });
    report(undefined);
  } catch (error) {
    if (!stall.stalled()) throw error;
    backOff.succeeded();
  } finally {
    cancel?.();
    stall.stop();
    controller.abort();
  }
}

/** Tells what is new of them; false where nothing is. */
function tell(lines: readonly StampedLine[], { signal, onLines }: FollowedLog, position: LogPosition): boolean {
  const fresh = lines.filter((line) => position.take(line)).map(({ at, text }) => ({ at, text }));
  if (fresh.length > 0 && !signal.aborted) onLines(fresh);
  return fresh.length > 0;
}
