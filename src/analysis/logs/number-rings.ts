import type { LogNumber } from '../../core/log-pattern.ts';
import { medianOf } from '../baseline.ts';
import type { NamedNumber } from './numbers.ts';

/** Values of one bucket of which the median is taken: its last ones. */
const perBucket = 5;

const mostNumbers = 4;

/** The last values of each bucket, and how many there were. */
interface Ring {
  readonly name: string;
  readonly unit: string;
  readonly values: Float64Array;
  readonly seen: Uint32Array;
}

/** The numbers of one pattern by their names and units, in so many buckets. */
export class NumberRings {
  private readonly rings = new Map<string, Ring>();
  private readonly kept: number;

  constructor(kept: number) {
    this.kept = kept;
  }

  note(found: readonly NamedNumber[], bucket: number): void {
    for (const { name, unit, value } of found) {
      const ring = this.rings.get(`${name} ${unit}`) ?? this.open(name, unit);
      if (ring === undefined) continue;
      const seen = ring.seen[bucket] ?? 0;
      ring.values[bucket * perBucket + (seen % perBucket)] = value;
      ring.seen[bucket] = seen + 1;
    }
  }

  clear(bucket: number): void {
    for (const { seen } of this.rings.values()) seen[bucket] = 0;
  }

  /** Takes over what another knows of a bucket. */
  absorb(other: NumberRings, bucket: number): void {
    for (const { name, unit, values, seen } of other.rings.values()) {
      const from = bucket * perBucket;
      const known = [...values.subarray(from, from + Math.min(seen[bucket] ?? 0, perBucket))];
      this.note(
        known.map((value) => ({ name, unit, value })),
        bucket,
      );
    }
  }

  /** Medians of these buckets, in this order. */
  series(buckets: readonly number[]): LogNumber[] {
    return [...this.rings.values()].map((ring) => ({
      name: ring.name,
      unit: ring.unit,
      medians: buckets.map((bucket) => medianIn(ring, bucket)),
    }));
  }

  private open(name: string, unit: string): Ring | undefined {
    if (this.rings.size === mostNumbers) return undefined;
    const ring = { name, unit, values: new Float64Array(this.kept * perBucket), seen: new Uint32Array(this.kept) };
    this.rings.set(`${name} ${unit}`, ring);
    return ring;
  }
}

function medianIn({ values, seen }: Ring, bucket: number): number | null {
  const size = Math.min(seen[bucket] ?? 0, perBucket);
  return size === 0 ? null : medianOf([...values.subarray(bucket * perBucket, bucket * perBucket + size)]);
}
