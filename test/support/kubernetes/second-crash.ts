import { vi } from 'vitest';
import { isJsonObject, readArray, readNumber, readString, readTime } from '../../../src/core/json.ts';
import { soon } from '../patience.ts';

/** When the second crash of the first pod to have two was over, by the API server's clock; 1 s resolution. `list` reads the pods. */
export async function secondCrash(list: () => Promise<unknown>): Promise<number> {
  return vi.waitFor(async () => {
    const times = readArray(await list(), 'items')
      .flatMap((pod) => readArray(pod, 'status', 'containerStatuses'))
      .flatMap(endOfSecondCrash);
    if (times.length === 0) throw new Error('no second crash yet');
    return Math.min(...times);
  }, soon);
}

function endOfSecondCrash(status: unknown): number[] {
  const restarts = readNumber(status, 'restartCount') ?? 0;
  const ended = readTime(status, 'state', 'terminated', 'finishedAt');
  if (restarts === 1 && ended !== undefined) return [ended];
  const last = readTime(status, 'lastState', 'terminated', 'finishedAt');
  const waiting = isJsonObject(status) && readString(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
  return restarts === 1 && waiting && last !== undefined ? [last] : [];
}
