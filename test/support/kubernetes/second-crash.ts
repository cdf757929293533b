import { vi } from 'vitest';
import { isJsonObject, readArray, readNumber, readPath } from '../../../src/core/json.ts';
import { soon } from '../patience.ts';

/**
 * When the API server had the second crash of the first pod to have two, which is when anybody could know of it: a kubelet that is busy reports late.
 * `list` reads the pods.
 */
export async function secondCrash(list: () => Promise<unknown>): Promise<number> {
  return vi.waitFor(async () => {
    const containers = readArray(await list(), 'items').flatMap((pod) => readArray(pod, 'status', 'containerStatuses'));
    if (!containers.some(hasCrashedTwice)) throw new Error('no second crash yet');
    return Date.now();
  }, soon);
}

function hasCrashedTwice(status: unknown): boolean {
  const restarts = readNumber(status, 'restartCount') ?? 0;
  const isUp = isJsonObject(readPath(status, 'state', 'running'));
  const hasEnded = ['state', 'lastState'].some((one) => isJsonObject(readPath(status, one, 'terminated')));
  return hasEnded && restarts + (isUp ? 0 : 1) >= 2;
}
