import type { LogOrigin, LogRecord } from '../../core/log-record.ts';
import type { LogDigest } from '../../core/ports/log-digest.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { createMiner, type Miner } from './miner.ts';
import { createRecordReader, type RecordReader } from './records.ts';
import { Tallies } from './tallies.ts';
import { Tally } from './tally.ts';

export interface DigestOptions {
  readonly regarding: ResourceRef;
  /** Since when it is listened to, epoch milliseconds. */
  readonly since: number;
  readonly bucketMs: number;
}

/** Buckets that are kept. */
export const keptBuckets = 120;

/** Patterns that the miner keeps. */
const mined = 1_000;

/** A record that nothing follows for so long is complete, milliseconds. */
const patienceMs = 2_000;

interface Stream {
  readonly reader: RecordReader;
  /** Epoch milliseconds of its last line. */
  lastAt: number;
}

/** Reads, mines and counts what the containers of a workload write. Lines of one pattern that went well and that went wrong count apart. */
export function createLogDigest({ regarding, since, bucketMs }: DigestOptions): LogDigest {
  const miner: Miner = createMiner({ maxPatterns: mined });
  const streams = new Map<string, Stream>();
  const tallyOptions = { bucketMs, kept: keptBuckets };
  const tallies = new Tallies(tallyOptions);
  const openTally = (): Tally => new Tally(tallyOptions);
  const all = openTally();
  const ofPods = new Map<string, Tally>();
  /** What was answered last, while nothing has been counted since. */
  let told: LogsView | undefined;

  function count(pod: string, record: LogRecord): void {
    told = undefined;
    tallies.add(miner.add(record.message).pattern.id, pod, record);
    all.add(pod, record);
    entryOf(ofPods, pod, openTally).add(pod, record);
  }

  /** What has not been said within all buckets is forgotten. */
  function forget(now: number): void {
    const oldest = now - keptBuckets * bucketMs;
    tallies.forget(oldest);
    for (const [pod, tally] of ofPods) if (tally.lastAt < oldest) ofPods.delete(pod);
  }

  return {
    push(origin, lines) {
      const stream = entryOf(streams, keyOf(origin), openStream);
      for (const record of stream.reader.push(lines)) count(origin.pod, record);
      stream.lastAt = lines.at(-1)?.at ?? stream.lastAt;
    },
    end(origin) {
      for (const record of streams.get(keyOf(origin))?.reader.flush() ?? []) count(origin.pod, record);
      streams.delete(keyOf(origin));
    },
    view(now) {
      for (const [key, { reader, lastAt }] of streams) {
        const [pod = ''] = key.split('/');
        if (now - lastAt >= patienceMs) for (const record of reader.flush()) count(pod, record);
      }
      const bucketAt = Math.floor(now / bucketMs) * bucketMs;
      if (told?.bucketAt === bucketAt) return told;
      forget(now);
      const { kind, namespace, name, uid } = regarding;
      told = {
        uid: `logs ${uid ?? `${kind} ${namespace}/${name}`}`,
        namespace,
        name: `${kind}/${name}`,
        createdAt: since,
        regarding,
        bucketMs,
        bucketAt,
        since: Math.max(since, all.firstAt),
        lines: all.counts(now),
        linesOf: Object.fromEntries([...ofPods].map(([pod, tally]) => [pod, tally.counts(now)])),
        patterns: tallies.patterns(now, miner),
      };
      return told;
    },
  };
}

function openStream(): Stream {
  return { reader: createRecordReader(), lastAt: 0 };
}

function keyOf({ pod, container }: LogOrigin): string {
  return `${pod}/${container}`;
}

/** What a map has under a key, made where it has nothing yet. */
function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
