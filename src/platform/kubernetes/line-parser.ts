/** Takes chunks of bytes as they come and calls back with each complete line, without its line break. */
export interface LineParser {
  push(chunk: Buffer): void;
}

interface Splitting {
  /** Bytes; what a line has beyond them is left out. */
  readonly longest: number;
  /** May be a view of a chunk: whoever keeps it copies it. */
  readonly onLine: (line: Buffer) => void;
  /** A line has more than `longest` bytes; told before it is complete. */
  readonly onLong?: () => void;
}

/** Survives splits anywhere. Holds no more than `longest` bytes, whatever comes. */
export function splitLines({ longest, onLine, onLong }: Splitting): LineParser {
  let pending: Buffer[] = [];
  let length = 0;

  function keep(part: Buffer): void {
    const room = longest - length;
    if (part.length > room) onLong?.();
    if (room <= 0 || part.length === 0) return;
    pending.push(part.subarray(0, room));
    length += Math.min(part.length, room);
  }

  function end(last: Buffer): void {
    keep(last);
    const line = pending.length === 1 ? pending[0] : Buffer.concat(pending);
    pending = [];
    length = 0;
    onLine(line ?? last);
  }

  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(10, start); at !== -1; at = chunk.indexOf(10, start)) {
        end(chunk.subarray(start, at));
        start = at + 1;
      }
      keep(chunk.subarray(start));
    },
  };
}

/** Far above etcd's 1.5 MB limit for one object. */
const longestObject = 16 * 1024 * 1024;

/** Survives splits anywhere, also inside a character; empty lines are skipped. Throws `RangeError` at a line over 16 MB. */
export function createLineParser(onLine: (line: string) => void): LineParser {
  return splitLines({
    longest: longestObject,
    onLine(line) {
      const text = line.toString('utf8').trim();
      if (text !== '') onLine(text);
    },
    onLong() {
      throw new RangeError('a line of the stream is longer than 16 MB');
    },
  });
}
