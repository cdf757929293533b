import { cut } from '../../core/cut.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import { LogLevel, type LogRecord } from '../../core/log-record.ts';
import { redact } from '../../core/redact.ts';
import { NumberRings } from './number-rings.ts';
import { numbersOf } from './numbers.ts';

export interface TallyOptions {
  readonly bucketMs: number;
  /** Buckets kept. */
  readonly kept: number;
}

const mostPods = 20;

/** Characters of a sample: the head of a stack trace is in it. */
const sampleLength = 1_000;

/** After so many buckets without it, a line is quoted anew. */
const pauseBuckets = 3;

/** How often something was said, in buckets of time, and which numbers stood in it. Bounded, whatever comes. */
export class Tally {
  level: LogLevel = 'unknown';
  count = 0;
  /** Epoch milliseconds; 0 before anything was said. */
  firstAt = 0;
  lastAt = 0;
  private head = 0;
  private sample = '';
  private sampleAt = 0;
  private numbers: NumberRings | undefined;
  private readonly safeSample = new Redacted();
  private readonly safeTemplate = new Redacted();
  private readonly bucketMs: number;
  private readonly kept: number;
  private readonly buckets: Uint32Array;
  private readonly pods = new Set<string>();

  constructor({ bucketMs, kept }: TallyOptions) {
    this.bucketMs = bucketMs;
    this.kept = kept;
    this.buckets = new Uint32Array(kept);
  }

  get followsNumbers(): boolean {
    return this.numbers !== undefined;
  }

  /** From now on its numbers are followed too. */
  follow(): void {
    this.numbers ??= new NumberRings(this.kept);
  }

  add(pod: string, record: LogRecord): void {
    const { at, level } = record;
    this.date(record);
    this.count += 1;
    if (level !== this.level) this.level = worse(this.level, level);
    if (this.pods.size < mostPods) this.pods.add(pod);
    const place = this.place(Math.floor(at / this.bucketMs));
    if (place === undefined) return;
    const before = this.buckets[place] ?? 0;
    this.buckets[place] = before + 1;
    if (this.numbers !== undefined && isLookedAt(before)) this.numbers.note(numbersOf(record), place);
  }

  /** Takes over what another counted that is of the same pattern after all. */
  absorb(other: Tally): void {
    this.place(other.head);
    if (other.sampleAt > this.sampleAt) {
      this.sampleAt = other.sampleAt;
      this.sample = other.sample;
    }
    if (other.followsNumbers) this.follow();
    this.firstAt = Math.min(this.firstAt, other.firstAt);
    this.lastAt = Math.max(this.lastAt, other.lastAt);
    this.level = worse(this.level, other.level);
    this.count += other.count;
    for (const pod of [...other.pods].slice(0, mostPods - this.pods.size)) this.pods.add(pod);
    const oldest = Math.max(this.head, other.head) - this.kept + 1;
    for (let bucket = oldest; bucket <= other.head; bucket += 1) this.addBucket(other, mod(bucket, this.kept));
  }

  /** Lines in each bucket, the newest first, as far back as there is anything. */
  counts(now: number): readonly number[] {
    return this.places(now).map((place) => this.buckets[place] ?? 0);
  }

  /** `template`: absent where the miner has forgotten it. */
  pattern(now: number, template: string | undefined): Omit<LogPattern, 'id'> {
    const places = this.places(now);
    return {
      template: this.safeTemplate.of(template ?? this.sample.split('\n')[0] ?? ''),
      level: this.level,
      count: this.count,
      firstAt: this.firstAt,
      lastAt: this.lastAt,
      sample: this.safeSample.of(this.sample),
      pods: [...this.pods],
      counts: places.map((place) => this.buckets[place] ?? 0),
      numbers: this.numbers?.series(places) ?? [],
    };
  }

  /** After a pause a line is quoted anew: what it names is what is meant now. */
  private date({ at, message }: LogRecord): void {
    const isFirst = this.count === 0;
    if (isFirst || at - this.lastAt > pauseBuckets * this.bucketMs) {
      this.sampleAt = at;
      this.sample = ownCopy(cut(message, sampleLength, ''));
    }
    if (isFirst || at < this.firstAt) this.firstAt = at;
    if (at > this.lastAt) this.lastAt = at;
  }

  private addBucket(other: Tally, place: number): void {
    this.buckets[place] = (this.buckets[place] ?? 0) + (other.buckets[place] ?? 0);
    if (other.numbers !== undefined) this.numbers?.absorb(other.numbers, place);
  }

  /** Of the buckets from the one under way back to the first line. */
  private places(now: number): readonly number[] {
    this.place(Math.floor(now / this.bucketMs));
    const known = this.head - Math.floor(this.firstAt / this.bucketMs) + 1;
    const length = this.count === 0 ? 1 : Math.min(this.kept, Math.max(1, known));
    return Array.from({ length }, (_, back) => mod(this.head - back, this.kept));
  }

  /** The place of a bucket in the rings; undefined for what is too old. Newer buckets than ever begin empty. */
  private place(bucket: number): number | undefined {
    for (let next = Math.max(this.head + 1, bucket - this.kept + 1); next <= bucket; next += 1) {
      this.buckets[next % this.kept] = 0;
      this.numbers?.clear(next % this.kept);
    }
    if (bucket > this.head) this.head = bucket;
    return bucket <= this.head - this.kept ? undefined : bucket % this.kept;
  }
}

/** Of a bucket the first sixteen are read for numbers, then ever fewer, so that those kept lie all over its later half and a flood costs little. */
function isLookedAt(before: number): boolean {
  return before < 16 || before % (before >> 3) === 0;
}

function worse(a: LogLevel, b: LogLevel): LogLevel {
  return LogLevel.options.indexOf(a) <= LogLevel.options.indexOf(b) ? a : b;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Does not ask again for what it was asked last. */
class Redacted {
  private text = '';
  private safe = '';

  of(text: string): string {
    if (text !== this.text) {
      this.text = text;
      this.safe = redact(text);
    }
    return this.safe;
  }
}

/** A part of a text keeps all of it in memory, up to 1 MB of a line; this does not. */
function ownCopy(text: string): string {
  return structuredClone(text);
}
