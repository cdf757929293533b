import { expect, it } from 'vitest';
import type { StatusBoard, WatcherStatus } from '../../src/core/ports/status-board.ts';

export interface StatusBoardUnderTest {
  readonly board: StatusBoard;
  /** Time passes for what is on the board. */
  readonly pass: (ms: number) => Promise<void>;
}

const status: WatcherStatus = {
  at: 1_772_445_600_000,
  synced: true,
  workloads: 3,
  pods: 9,
  nodes: 2,
  nodesReady: 1,
  troubles: { pods: { problem: 'the watch was refused', since: 2 }, clock: { problem: 'it is behind' } },
};

/** What every status board promises. `open` answers an empty one. */
export function describeStatusBoard(open: () => Promise<StatusBoardUnderTest>): void {
  it('shows what was published last', async () => {
    const { board } = await open();
    expect(await board.read()).toBeUndefined();
    await board.publish({ ...status, synced: false });
    await board.publish(status);
    expect(await board.read()).toEqual(status);
  });

  it('shows nothing of a watcher that has been silent for a minute', async () => {
    const { board, pass } = await open();
    await board.publish(status);
    await pass(30_000);
    expect(await board.read()).toEqual(status);
    await pass(30_000);
    expect(await board.read()).toBeUndefined();
  });

  it('keeps what is published anew', async () => {
    const { board, pass } = await open();
    await board.publish(status);
    await pass(40_000);
    await board.publish({ ...status, pods: 10 });
    await pass(40_000);
    expect(await board.read()).toEqual({ ...status, pods: 10 });
  });
}
