/** How far the clock of a server is from ours, as its answers say. */
export interface SkewMeter {
  /** Reads the `Date` header of an answer. `sentAt`: epoch milliseconds at which it was asked. */
  note(date: string | readonly string[] | undefined, sentAt: number): void;
  /** Milliseconds; more than 0 where the server is ahead. 0 where they agree as well as can be told. */
  skewMs(): number;
}

/** The header has whole seconds, and answers take their time: less than this is agreement, milliseconds. */
const toleranceMs = 5_000;

/** `now`: epoch milliseconds. */
export function createSkewMeter(now: () => number): SkewMeter {
  let skew = 0;
  return {
    note(date, sentAt) {
      const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
      if (Number.isNaN(at)) return;
      const middle = (sentAt + now()) / 2;
      skew = at + 500 - middle;
    },
    skewMs: () => (Math.abs(skew) < toleranceMs ? 0 : Math.round(skew)),
  };
}
