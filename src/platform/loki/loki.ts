import { stripVTControlCharacters } from 'node:util';
import type { LogSource } from '../../core/ports/log-source.ts';
import { chooseLines, redactLines } from '../../core/read-lines.ts';
import type { LokiClient, LokiEntry } from './client.ts';
import { type LokiSelection, logQuery, originOf } from './query.ts';

export interface LokiOptions {
  readonly client: LokiClient;
  readonly selection: LokiSelection;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Entries that are read for one question at most. */
const mostEntries = 5_000;

/** What Loki has kept, also of pods that are gone. */
export function createLokiSource({ client, selection, redact }: LokiOptions): LogSource {
  return {
    id: 'loki',
    async read(query, signal) {
      if (query.pods.length === 0) return [];
      const entries = await client.entries(
        {
          query: logQuery(query, selection),
          start: nanosecondsOf(query.from),
          end: nanosecondsOf(query.to),
          direction: 'backward',
          limit: Math.min(query.limit, mostEntries),
        },
        signal,
      );
      const streams = Map.groupBy(entries.toReversed(), ({ stream }) => JSON.stringify(originOf(stream, selection)));
      const lines = [...streams.values()].flatMap((stream) => redactLines(stream.flatMap(linesOf), redact));
      return chooseLines(lines, query);
    },
  };

  function linesOf({ at, stream, text }: LokiEntry) {
    const origin = originOf(stream, selection);
    if (origin === undefined) return [];
    return stripVTControlCharacters(text)
      .split('\n')
      .map((line) => ({ ...origin, at: millisecondsOf(at), text: line }));
  }
}

export function nanosecondsOf(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}

export function millisecondsOf(ns: bigint): number {
  return Number(ns / 1_000_000n);
}
