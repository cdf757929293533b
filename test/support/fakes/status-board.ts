import type { Clock } from '../../../src/core/ports/clock.ts';
import type { StatusBoard, WatcherStatus } from '../../../src/core/ports/status-board.ts';

/** A status nobody renews is gone after this long, milliseconds. */
const keepMs = 60_000;

export function createFakeStatusBoard(clock: Pick<Clock, 'now'>): StatusBoard {
  let board: { readonly status: WatcherStatus; readonly until: number } | undefined;
  return {
    publish: async (status) => void (board = { status, until: clock.now() + keepMs }),
    read: async () => (board !== undefined && clock.now() < board.until ? board.status : undefined),
  };
}
