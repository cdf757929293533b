/** Takes chunks of bytes as they come and calls back with each complete line, without its line break. */
export interface LineParser {
  push(chunk: Buffer): void;
}

/** Far above etcd's 1.5 MB limit for one object. */
const longestLine = 16 * 1024 * 1024;

/** Survives splits anywhere, also inside a character; empty lines are skipped. Throws `RangeError` at a line over 16 MB. */
export function createLineParser(onLine: (line: string) => void): LineParser {
  let pending: Buffer[] = [];
  let pendingLength = 0;

  function emit(last: Buffer): void {
    const line = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    pendingLength = 0;
    const text = line.toString('utf8').trim();
    if (text !== '') onLine(text);
  }

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(10, start); end !== -1; end = chunk.indexOf(10, start)) {
        emit(chunk.subarray(start, end));
        start = end + 1;
      }
      if (start === chunk.length) return;
      pendingLength += chunk.length - start;
      if (pendingLength > longestLine) throw new RangeError('a line of the stream is longer than 16 MB');
      pending.push(chunk.subarray(start));
    },
  };
}
