import { originKey } from '../core/log-record.ts';
import type { FollowedLog, LogFollower, LogSource, ReadLine } from '../core/ports/log-source.ts';
import type { PushedLogs } from '../core/ports/pushed-logs.ts';
import { keepPolling, type PollingContext } from './polling.ts';

interface PushedFollowerContext extends PollingContext {
  readonly waiting: PushedLogs;
  /** What was sent before. */
  readonly kept: LogSource;
}

/** How often it is looked for lines, milliseconds; at once again while there are more. */
const everyMs = 1_000;

/** Batches that are taken at once. */
const batches = 200;

/** Lines of the past that are read where listening begins. */
const mostBefore = 5_000;

/** Hands what collectors have sent to whoever follows its container. Lines that nobody follows are read by people only. */
export function createPushedFollower(context: PushedFollowerContext): LogFollower {
  const { waiting, kept, clock, signal } = context;
  const followers = new Map<string, FollowedLog>();

  async function poll(): Promise<number> {
    const taken = await waiting.take(batches);
    if (signal.aborted || taken.length === 0) return everyMs;
    const lines = taken.flatMap((batch) => batch.lines);
    for (const [key, own] of Map.groupBy(lines, originKey)) deliver(followers.get(key), own);
    await waiting.forget(taken.map(({ id }) => id));
    return taken.length < batches ? everyMs : 0;
  }
  keepPolling(poll, everyMs, context);

  return {
    async follow(log) {
      const { origin, from } = log;
      const key = originKey(origin);
      const query = { namespace: origin.namespace, pods: [origin.pod], container: origin.container };
      const now = clock.now();
      const before = await kept.read({ ...query, from, to: now, limit: mostBefore }).catch(() => []);
      deliver(log, before);
      followers.set(key, { ...log, from: (before.at(-1)?.at ?? from - 1) + 1 });
      const { promise, resolve } = Promise.withResolvers<void>();
      log.signal.addEventListener('abort', () => resolve(), { once: true });
      if (!log.signal.aborted) await promise;
      followers.delete(key);
    },
  };
}

/** A line that was read as kept may still wait. */
function deliver(log: FollowedLog | undefined, lines: readonly ReadLine[]): void {
  if (log === undefined || log.signal.aborted) return;
  const fresh = lines.filter(({ at }) => at >= log.from);
  if (fresh.length > 0) log.onLines(fresh);
}
