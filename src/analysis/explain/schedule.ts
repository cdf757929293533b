import { Cron } from 'croner';

/** When runs are due. Times are epoch milliseconds. */
export interface Schedule {
  /** The first run that is due after `at`; undefined where none ever is. */
  readonly next: (at: number) => number | undefined;
}

/** Days on which a clock is put forward skip a run; more than so many in a row do not occur. */
const mostSkipped = 5;

/**
 * A schedule as the CronJob controller reads it (github.com/robfig/cron v3, standard parser): five fields, `@hourly` and the like, `@every 5m`, or
 * an old one with its zone in front (`TZ=Europe/Berlin 0 3 * * *`). Undefined where it or its zone cannot be read.
 */
export function readSchedule(schedule: string, timeZone = 'UTC'): Schedule | undefined {
  const [, ownZone, pattern = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.+)$/.exec(schedule.trim()) ?? [];
  const everyMs = readInterval(pattern);
  if (everyMs !== undefined) return { next: (at) => at + everyMs };
  const cron = parse(pattern, ownZone ?? timeZone);
  return cron && { next: (at) => nextMatch(cron, at) };
}

function parse(pattern: string, timezone: string): Cron | undefined {
  try {
    const cron = new Cron(pattern, { timezone, mode: '5-part', sloppyRanges: true, paused: true });
    cron.nextRun();
    return cron;
  } catch {
    return undefined;
  }
}

/** A time that the clocks skip is moved to the next by the library and left out by the controller. */
function nextMatch(cron: Cron, at: number): number | undefined {
  let next = cron.nextRun(new Date(at));
  for (let skipped = 0; skipped < mostSkipped; skipped += 1) {
    if (next === null || cron.match(next)) break;
    next = cron.nextRun(next);
  }
  return next?.getTime();
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/** Milliseconds of `@every 1h30m`, at least a second. */
function readInterval(pattern: string): number | undefined {
  const text = /^@every ((?:\d+(?:\.\d+)?[hms])+)$/.exec(pattern)?.[1];
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/([\d.]+)([hms])/g)];
  return Math.max(
    1000,
    parts.reduce((sum, [, value, unit = '']) => sum + Number(value) * (unitMs[unit] ?? 0), 0),
  );
}
