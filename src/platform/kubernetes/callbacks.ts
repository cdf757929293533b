import { describeError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { WatchOptions } from '../../core/ports/cluster-reader.ts';
import { reportChanges } from '../troubles.ts';

/** The watcher's side of `WatchOptions`: nothing thrown behind it comes through, it becomes a trouble. */
export interface WatchCallbacks<T> {
  slim(raw: JsonObject): T | undefined;
  list(items: readonly T[]): void;
  /** False where the handler failed. */
  seen(item: T): boolean;
  gone(item: T): boolean;
  /** Says each trouble once, and once that it is over. */
  trouble(problem: string | undefined): void;
}

export function createCallbacks<T>(options: WatchOptions<T>): WatchCallbacks<T> {
  const report = reportChanges(options.onTrouble);

  function trouble(problem: string | undefined): void {
    if (!options.signal.aborted) report(problem);
  }

  function failed(error: unknown): void {
    trouble(
      `Handling what was read from ${options.collection.path} failed (${describeError(error)}); the watch goes on.`,
    );
  }

  function guard(run: () => unknown): boolean {
    if (options.signal.aborted) return true;
    try {
      const result = run();
      if (result instanceof Promise) result.catch(failed);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  return {
    trouble,
    slim(raw) {
      let item: T | undefined;
      guard(() => {
        item = options.slim(raw);
      });
      return item;
    },
    list: (items) => void guard(() => options.onList(items)),
    seen: (item) => guard(() => options.onSeen(item)),
    gone: (item) => guard(() => options.onGone(item)),
  };
}
