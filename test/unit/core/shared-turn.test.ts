import { expect, it } from 'vitest';
import { shareTurns } from '../../../src/core/shared-turn.ts';

it('those who ask while it runs share the next run, and none shares one that began before', async () => {
  const gates: (() => void)[] = [];
  const runs: (readonly string[])[] = [];
  const ask = shareTurns(async (asked: readonly string[]) => {
    runs.push(asked);
    await new Promise<void>((open) => gates.push(open));
    return runs.length;
  });
  const first = ask('a');
  await Promise.resolve();
  const later = [ask('b'), ask('c')];
  expect(runs).toEqual([['a']]);
  gates[0]?.();
  expect(await first).toBe(1);
  await Promise.resolve();
  gates[1]?.();
  expect(await Promise.all(later)).toEqual([2, 2]);
  expect(runs).toEqual([['a'], ['b', 'c']]);
});

it('a run that fails fails all who share it, and the next one runs', async () => {
  let runs = 0;
  const ask = shareTurns(async () => {
    runs += 1;
    if (runs === 1) throw new RangeError('no');
    return runs;
  });
  const failing = [ask('a'), ask('b')];
  const outcomes = await Promise.allSettled(failing);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('c')).toBe(2);
});
