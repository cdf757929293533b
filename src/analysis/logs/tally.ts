import type { LogNumber, LogPattern } from '../../core/log-pattern.ts';
import { LogLevel, type LogRecord } from '../../core/log-record.ts';
import { redact } from '../../core/redact.ts';
import { medianOf } from '../baseline.ts';
import type { NamedNumber } from './numbers.ts';

interface TallyOptions {
  readonly bucketMs: number;
  /** Buckets kept. */
  readonly kept: number;
  readonly followsNumbers?: boolean;
}

/** How often something was said, in buckets of time, and which numbers stood in it. Bounded, whatever comes. */
export interface Tally {
  readonly followsNumbers: boolean;
  readonly level: LogLevel;
  readonly count: number;
  /** Epoch milliseconds; 0 before anything was said. */
  readonly firstAt: number;
  readonly lastAt: number;
  add(pod: string, record: LogRecord, numbers: readonly NamedNumber[]): void;
  /** Lines in each bucket, the newest first, as far back as there is anything. */
  counts(now: number): readonly number[];
  /** `template`: absent where the miner has forgotten it. */
  pattern(now: number, template: string | undefined): Omit<LogPattern, 'id'>;
}

/** Values of one bucket of which the median is taken: its last ones. */
const perBucket = 5;

const mostNumbers = 4;
const mostPods = 20;

/** Characters of a sample: the head of a stack trace is in it. */
const sampleLength = 1_000;

/** Numbers by name; a ring of the last values for each bucket. */
interface Values {
  readonly unit: string;
  readonly ring: Float64Array;
  readonly seen: Uint32Array;
}

export function createTally({ bucketMs, kept, followsNumbers = false }: TallyOptions): Tally {
  const counts = new Uint32Array(kept);
  const numbers = new Map<string, Values>();
  const pods = new Map<string, number>();
  let head = 0;
  let count = 0;
  let firstAt = 0;
  let lastAt = 0;
  let level: LogLevel = 'unknown';
  let sample = '';
  const safeSample = rememberLast(redact);
  const safeTemplate = rememberLast(redact);

  /** The place of a bucket in the rings; undefined for what is too old. Newer buckets than ever begin empty. */
  function place(bucket: number): number | undefined {
    for (let next = Math.max(head + 1, bucket - kept + 1); next <= bucket; next += 1) {
      counts[next % kept] = 0;
      for (const { seen } of numbers.values()) seen[next % kept] = 0;
    }
    head = Math.max(head, bucket);
    return bucket <= head - kept ? undefined : bucket % kept;
  }

  function note({ name, unit, value }: NamedNumber, at: number): void {
    const known = numbers.get(name);
    if (known === undefined && numbers.size === mostNumbers) return;
    const values = known ?? { unit, ring: new Float64Array(kept * perBucket), seen: new Uint32Array(kept) };
    if (known === undefined) numbers.set(name, values);
    const seen = values.seen[at] ?? 0;
    values.ring[at * perBucket + (seen % perBucket)] = value;
    values.seen[at] = seen + 1;
  }

  function medians(values: Values, buckets: number): LogNumber['medians'] {
    return Array.from({ length: buckets }, (_, back) => {
      const at = (head - back) % kept;
      const size = Math.min(values.seen[at] ?? 0, perBucket);
      return size === 0 ? null : medianOf([...values.ring.subarray(at * perBucket, at * perBucket + size)]);
    });
  }

  /** Buckets from the one under way back to the first line. */
  function span(now: number): number {
    place(Math.floor(now / bucketMs));
    return count === 0 ? 1 : Math.min(kept, Math.max(1, head - Math.floor(firstAt / bucketMs) + 1));
  }

  function countsAt(now: number): number[] {
    return Array.from({ length: span(now) }, (_, back) => counts[(head - back) % kept] ?? 0);
  }

  return {
    followsNumbers,
    get level() {
      return level;
    },
    get count() {
      return count;
    },
    get firstAt() {
      return firstAt;
    },
    get lastAt() {
      return lastAt;
    },
    add(pod, record, found) {
      const at = place(Math.floor(record.at / bucketMs));
      if (count === 0) {
        firstAt = record.at;
        sample = record.message.slice(0, sampleLength);
      }
      count += 1;
      firstAt = Math.min(firstAt, record.at);
      lastAt = Math.max(lastAt, record.at);
      level = worse(level, record.level);
      if (pods.size < mostPods || pods.has(pod)) pods.set(pod, record.at);
      if (at === undefined) return;
      counts[at] = (counts[at] ?? 0) + 1;
      for (const one of found) note(one, at);
    },
    counts: countsAt,
    pattern(now, template) {
      const buckets = span(now);
      return {
        template: safeTemplate(template ?? sample.split('\n')[0] ?? ''),
        level,
        count,
        firstAt,
        lastAt,
        sample: safeSample(sample),
        pods: [...pods.keys()],
        counts: countsAt(now),
        numbers: [...numbers].map(([name, values]) => ({ name, unit: values.unit, medians: medians(values, buckets) })),
      };
    },
  };
}

function worse(a: LogLevel, b: LogLevel): LogLevel {
  return LogLevel.options.indexOf(a) <= LogLevel.options.indexOf(b) ? a : b;
}

/** Does not ask again for what it was asked last. */
function rememberLast(answer: (text: string) => string): (text: string) => string {
  let last: { readonly text: string; readonly answer: string } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, answer: answer(text) };
    return last.answer;
  };
}
