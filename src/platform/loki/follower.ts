import { describeError } from '../../core/errors.ts';
import type { LogLine } from '../../core/log-record.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { FollowedLog, LogFollower } from '../../core/ports/log-source.ts';
import { pause } from '../pause.ts';
import { reportChanges } from '../troubles.ts';
import { keyOf, type LokiClient, type LokiEntry } from './client.ts';
import { millisecondsOf, nanosecondsOf } from './loki.ts';
import { type LokiSelection, logQuery } from './query.ts';

export interface LokiFollowerOptions {
  readonly client: LokiClient;
  readonly selection: LokiSelection;
  readonly clock: Clock;
}

/** How often it is asked, milliseconds. */
const pollMs = 5_000;

/** How late a line may come and still be seen: collectors send every few seconds, milliseconds. */
const latenessMs = 15_000;

/** How far ahead of ours the clock of a node may be, milliseconds. */
const aheadMs = 60_000;

/** Lines of one answer that are told together. */
const batch = 5_000;

/** With more lines than this within `latenessMs`, they are not read twice for the sake of late ones. */
const mostRemembered = 20_000;

/**
 * Asks again and again rather than holding a `tail` connection: Loki allows ten of those for a tenant, drops lines when they are read slowly, and ends
 * them after an hour. Loki cannot say that a pod is gone, so it goes on until `signal` aborts.
 */
export function createLokiFollower(options: LokiFollowerOptions): LogFollower {
  return {
    async follow(log) {
      const { clock } = options;
      const following = { ...options, log, told: new Map<string, bigint>(), start: nanosecondsOf(log.from) };
      const report = reportChanges(log.onTrouble);
      while (!log.signal.aborted) {
        try {
          while (await readOn(following));
          report(undefined);
        } catch (error) {
          if (!log.signal.aborted) report(`${describeError(error).replace(/\.$/, '')}; retrying.`);
        }
        await pause(clock, pollMs, log.signal);
      }
    },
  };
}

interface Following extends LokiFollowerOptions {
  readonly log: FollowedLog;
  /** Key -> time of what was told and will be read again. */
  readonly told: Map<string, bigint>;
  /** What is older is not read again. */
  start: bigint;
}

/** Reads what is new; true where there may be more. */
async function readOn(following: Following): Promise<boolean> {
  const { client, selection, clock, log, told } = following;
  const { namespace, pod, container } = log.origin;
  const now = clock.now();
  const entries = await client.entries(
    {
      query: logQuery({ namespace, pods: [pod], container }, selection),
      start: following.start,
      end: nanosecondsOf(now + aheadMs),
      direction: 'forward',
      limit: batch + told.size,
    },
    log.signal,
  );
  const fresh = entries.filter((entry) => !told.has(keyOf(entry)));
  for (const entry of fresh) told.set(keyOf(entry), entry.at);
  advance(following, nanosecondsOf(now));
  if (fresh.length > 0 && !log.signal.aborted) log.onLines(fresh.flatMap(linesOf));
  return fresh.length >= batch && !log.signal.aborted;
}

/** Lines from the future move nothing until it is the present. */
function advance(following: Following, now: bigint): void {
  const { told } = following;
  const overlap = told.size > mostRemembered ? 0n : nanosecondsOf(latenessMs);
  for (const at of told.values()) if (at <= now && at - overlap > following.start) following.start = at - overlap;
  for (const [key, at] of told) if (at < following.start) told.delete(key);
}

/** A collector may have joined a stack trace already. */
function linesOf({ at, text }: LokiEntry): readonly LogLine[] {
  return text.split('\n').map((line) => ({ at: millisecondsOf(at), text: line }));
}
