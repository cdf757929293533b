import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble, type LogOrigin, type LogRecord } from '../../core/log-record.ts';
import type { LogDigest } from '../../core/ports/log-digest.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { createMiner, type Miner } from './miner.ts';
import { numbersOf } from './numbers.ts';
import { createRecordReader, type RecordReader } from './records.ts';
import { createTally, type Tally } from './tally.ts';

export interface DigestOptions {
  readonly regarding: ResourceRef;
  /** Since when it is listened to, epoch milliseconds. */
  readonly since: number;
  readonly bucketMs: number;
}

/** Buckets that are kept. */
const kept = 120;

/** Patterns of which numbers are followed, and patterns that are told. */
const told = 200;

/** A record that nothing follows for so long is complete, milliseconds. */
const patienceMs = 2_000;

interface Stream {
  readonly reader: RecordReader;
  /** Epoch milliseconds of its last line. */
  lastAt: number;
}

/** Reads, mines and counts what the containers of a workload write. Lines of one pattern that went well and that went wrong count apart. */
export function createLogDigest({ regarding, since, bucketMs }: DigestOptions): LogDigest {
  const miner: Miner = createMiner({ maxPatterns: 1_000 });
  const streams = new Map<string, Stream>();
  const tallies = new Map<string, Tally>();
  const tallyOptions = { bucketMs, kept };
  const all = createTally(tallyOptions);
  const ofPods = new Map<string, Tally>();

  function count(pod: string, record: LogRecord): void {
    const { pattern } = miner.add(record.message);
    const key = isTrouble(record.level) ? `${pattern.id}!` : pattern.id;
    const tally = tallies.get(key) ?? openTally(key);
    tally.add(pod, record, tally.followsNumbers ? numbersOf(record) : []);
    all.add(pod, record, []);
    podTally(pod).add(pod, record, []);
  }

  function openTally(key: string): Tally {
    const tally = createTally({ ...tallyOptions, followsNumbers: tallies.size < told });
    tallies.set(key, tally);
    return tally;
  }

  function podTally(pod: string): Tally {
    const tally = ofPods.get(pod) ?? createTally(tallyOptions);
    ofPods.set(pod, tally);
    return tally;
  }

  function streamOf(origin: LogOrigin): Stream {
    const key = `${origin.pod}/${origin.container}`;
    const stream = streams.get(key) ?? { reader: createRecordReader(), lastAt: 0 };
    streams.set(key, stream);
    return stream;
  }

  /** What has not been said within all buckets is forgotten. */
  function forget(now: number): void {
    const oldest = now - kept * bucketMs;
    for (const [key, tally] of tallies) if (tally.lastAt < oldest) tallies.delete(key);
    for (const [pod, tally] of ofPods) if (tally.lastAt < oldest) ofPods.delete(pod);
  }

  function patterns(now: number): readonly LogPattern[] {
    const templates = new Map(miner.patterns().map(({ id, template }) => [id, template]));
    return [...tallies]
      .toSorted(([, a], [, b]) => rank(a) - rank(b) || b.count - a.count)
      .slice(0, told)
      .map(([key, tally]) => ({ id: key, ...tally.pattern(now, templates.get(key.replace(/!$/, ''))) }));
  }

  return {
    push(origin, lines) {
      const stream = streamOf(origin);
      for (const record of stream.reader.push(lines)) count(origin.pod, record);
      stream.lastAt = lines.at(-1)?.at ?? stream.lastAt;
    },
    end(origin) {
      for (const record of streamOf(origin).reader.flush()) count(origin.pod, record);
      streams.delete(`${origin.pod}/${origin.container}`);
    },
    view(now) {
      for (const [key, { reader, lastAt }] of streams) {
        const [pod = ''] = key.split('/');
        if (now - lastAt >= patienceMs) for (const record of reader.flush()) count(pod, record);
      }
      forget(now);
      const { kind, namespace, name, uid } = regarding;
      return {
        uid: `logs ${uid ?? `${kind} ${namespace}/${name}`}`,
        namespace,
        name: `${kind}/${name}`,
        createdAt: since,
        regarding,
        bucketMs,
        bucketAt: Math.floor(now / bucketMs) * bucketMs,
        since: Math.max(since, all.firstAt),
        lines: all.counts(now),
        linesOf: Object.fromEntries([...ofPods].map(([pod, tally]) => [pod, tally.counts(now)])),
        patterns: patterns(now),
      };
    },
  };
}

/** Trouble is told first. */
function rank({ level }: Tally): number {
  return isTrouble(level) ? 0 : 1;
}
