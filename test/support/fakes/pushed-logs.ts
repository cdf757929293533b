import { LifeguardError } from '../../../src/core/errors.ts';
import type { LogSource, ReadLine } from '../../../src/core/ports/log-source.ts';
import type { PushedBatch, PushedLogs } from '../../../src/core/ports/pushed-logs.ts';
import { chooseLines } from '../../../src/core/read-lines.ts';

/** Batches of a thousand lines, as the store makes them; `mostWaiting` counts characters. */
export function createFakePushedLogs({ mostWaiting = 1_000_000 } = {}): {
  readonly logs: PushedLogs;
  readonly source: LogSource;
} {
  let waiting: readonly PushedBatch[] = [];
  let kept: readonly ReadLine[] = [];
  let next = 0;
  const sizeOf = (batches: readonly PushedBatch[]) => JSON.stringify(batches.map(({ lines }) => lines)).length;
  const logs: PushedLogs = {
    async append(lines) {
      const fresh: PushedBatch[] = [];
      for (let first = 0; first < lines.length; first += 1_000) {
        next += 1;
        fresh.push({ id: `${next}-0`, lines: lines.slice(first, first + 1_000) });
      }
      if (waiting.length > 0 && sizeOf(waiting) + sizeOf(fresh) > mostWaiting) {
        throw new LifeguardError('Too many lines wait.', {
          code: 'store-full',
          retry: 'rate-limited',
          retryAfterMs: 5_000,
        });
      }
      waiting = [...waiting, ...fresh];
      kept = [...kept, ...lines];
    },
    take: async (most) => waiting.slice(0, most),
    async forget(ids) {
      waiting = waiting.filter(({ id }) => !ids.includes(id));
    },
  };
  const source: LogSource = {
    id: 'pushed',
    read: async (query) =>
      chooseLines(
        kept.filter(({ namespace, pod }) => namespace === query.namespace && query.pods.includes(pod)),
        query,
      ),
  };
  return { logs, source };
}
