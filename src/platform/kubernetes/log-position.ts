/** How far a log has been read, so that the next connection repeats nothing. */
export interface LogPosition {
  /** Where the next connection starts, epoch milliseconds: early enough that nothing is missed. */
  since(): number;
  /** A new connection: what was told from `since` on is expected once more. */
  reopen(): void;
  /** False for a line that was told before. `stamp`: its time down to the nanosecond. */
  take(line: { readonly at: number; readonly stamp: string }): boolean;
}

/** Lines of one second, by their time, with how many there were: several may have the same. */
type Counts = Map<string, number>;

const secondMs = 1_000;

/** So many seconds that are ahead of our clock are no slip: the clock there is ahead. */
const mostSeconds = 60;

/**
 * A connection starts at a whole second, so lines of the last second come again; one second more, because the two outputs of a program are
 * written side by side and may change places. `from`: older lines are not wanted. `now`: a single line from the
 * future moves nothing.
 */
export function createLogPosition(from: number, now: () => number): LogPosition {
  let newest = from;
  let expected: Counts = new Map();
  const told = new Map<number, Counts>();

  function note(stamp: string, at: number): void {
    const second = Math.floor(at / secondMs);
    const counts = told.get(second) ?? new Map<string, number>();
    told.set(second, counts.set(stamp, (counts.get(stamp) ?? 0) + 1));
    newest = Math.max(newest, Math.min(at, now()));
    if (told.size > 2) forget();
  }

  function forget(): void {
    if (told.size > mostSeconds) newest = Math.max(...told.keys()) * secondMs;
    for (const second of told.keys()) if (second < sinceSecond()) told.delete(second);
  }

  function sinceSecond(): number {
    return Math.max(Math.floor(from / secondMs), Math.floor(newest / secondMs) - 1);
  }

  return {
    since: () => sinceSecond() * secondMs,
    reopen() {
      expected = new Map([...told.values()].flatMap((counts) => [...counts]));
    },
    take({ at, stamp }) {
      if (at < from) return false;
      const again = expected.get(stamp) ?? 0;
      if (again > 0) {
        expected.set(stamp, again - 1);
        return false;
      }
      note(stamp, at);
      return true;
    },
  };
}
